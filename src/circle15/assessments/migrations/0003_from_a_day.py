"""An edition counts from a day, and its withdrawal is asked for by one and agreed by another."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessments", "0002_row_security")]

    operations = [
        migrations.RemoveConstraint(
            model_name="storededition", name="assessments_edition_one_in_force"
        ),
        migrations.AddField(
            model_name="storededition",
            name="in_force_from",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="storededition",
            name="leaving_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="storededition",
            name="leaving_by",
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name="storededition",
            name="leaving_by_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name="storededition",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "草稿"),
                    ("review", "待审核"),
                    ("published", "已发布"),
                    ("leaving", "待停用"),
                    ("withdrawn", "已停用"),
                ],
                default="draft",
                max_length=10,
            ),
        ),
    ]
