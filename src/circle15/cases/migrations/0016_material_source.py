"""Keep where shared data was looked up, and on what day; older rows say that nobody noted it."""

from django.db import migrations, models

# The whole table, whoever migrates: rows of all areas are behind row security.
_SEE_ALL = "SELECT set_config('circle15.area', '/', true)"
_FILL = """
    UPDATE cases_casematerial
    SET looked_up_on = (changed_at AT TIME ZONE 'Asia/Shanghai')::date,
        source = CASE WHEN note = 'ecard' THEN '医保电子凭证'
                      WHEN note = 'code' THEN '医保信息平台'
                      WHEN note NOT IN ('', 'web') THEN left(note, 60)
                      ELSE '当时没有登记来源' END
    WHERE state = 'shared'
"""
_AS_BEFORE = "SELECT set_config('circle15.area', '', true)"


class Migration(migrations.Migration):
    dependencies = [("cases", "0015_taking_back")]
    operations = [
        migrations.AddField(
            model_name="casematerial",
            name="source",
            field=models.CharField(blank=True, default="", db_default="", max_length=60),
        ),
        migrations.AddField(
            model_name="casematerial",
            name="looked_up_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.RunSQL(sql=[_SEE_ALL, _FILL, _AS_BEFORE], reverse_sql=migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="casematerial",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "shared"), _negated=True),
                    models.Q(
                        models.Q(("source", ""), _negated=True),
                        ("looked_up_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="cases_material_shared_from",
            ),
        ),
    ]
