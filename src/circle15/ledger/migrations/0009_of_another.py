"""Write the rule anew since one who stands for another may be no person: it says the same."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0008_handlers")]
    operations = [
        migrations.RemoveConstraint(model_name="mandate", name="ledger_mandate_of_another"),
        migrations.AddConstraint(
            model_name="mandate",
            constraint=models.CheckConstraint(
                condition=~models.Q(agent=models.F("principal")), name="ledger_mandate_of_another"
            ),
        ),
    ]
