"""Forget the sealed number of messages that are done with; what is shown of it is masked."""

from django.db import migrations, models

_SEE_ALL = "SELECT set_config('circle15.area', '/', true)"
_FORGET = "UPDATE cases_textmessage SET phone_sealed = '' WHERE state <> 'waiting'"
_AS_BEFORE = "SELECT set_config('circle15.area', '', true)"


class Migration(migrations.Migration):
    dependencies = [("cases", "0016_material_source")]
    operations = [
        migrations.AddField(
            model_name="textmessage",
            name="phone_masked",
            field=models.CharField(blank=True, default="", db_default="", max_length=20),
        ),
        # Not taken back: a number that is gone stays gone.
        migrations.RunSQL(sql=[_SEE_ALL, _FORGET, _AS_BEFORE], reverse_sql=migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="textmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "waiting"), ("phone_sealed", ""), _connector="OR"),
                name="cases_text_number_while_waiting",
            ),
        ),
    ]
