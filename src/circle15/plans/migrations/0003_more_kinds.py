"""Name three more kinds of plans; the column stays as it is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("plans", "0002_row_security")]
    operations = [
        migrations.AlterField(
            model_name="plan",
            name="kind",
            field=models.CharField(
                choices=[
                    ("coverage", "覆盖分析"),
                    ("siting", "选址"),
                    ("staffing", "窗口与人员"),
                    ("access", "服务可及性"),
                    ("capacity", "接待能力"),
                    ("referral", "逐级转办"),
                ],
                max_length=10,
            ),
        ),
    ]
