"""Let people and organisations served be imported too (a list of choices, no SQL)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("imports", "0003_large_files")]
    operations = [
        migrations.AlterField(
            model_name="importrun",
            name="kind",
            field=models.CharField(
                choices=[
                    ("divisions", "区划"),
                    ("villages", "村（社区）"),
                    ("sites", "网点"),
                    ("equipment", "设备"),
                    ("staff", "人员"),
                    ("trainings", "培训"),
                    ("facts", "台账事实"),
                    ("persons", "服务对象（个人）"),
                    ("served", "服务对象（单位）"),
                    ("workbook", "整本工作簿"),
                ],
                max_length=12,
            ),
        )
    ]
