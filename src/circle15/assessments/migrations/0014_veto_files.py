"""Let a stored sheet outside of any campaign have the file of its vetoes: seen with the sheet."""

import django.db.models.deletion
from django.db import migrations, models

OF_VISIBLE_ENTRY = "EXISTS (SELECT FROM assessments_entry WHERE assessments_entry.id = entry_id)"
OF_VISIBLE_SHEET = (
    "EXISTS (SELECT FROM assessments_storedsheet WHERE assessments_storedsheet.id = sheet_id)"
)


def _seen_with(condition: str) -> str:
    return (
        "DROP POLICY assessments_vetofile_area ON assessments_vetofile;"
        "CREATE POLICY assessments_vetofile_area ON assessments_vetofile"
        f" USING ({condition}) WITH CHECK ({condition})"
    )


class Migration(migrations.Migration):
    dependencies = [("assessments", "0013_report_row_security")]

    operations = [
        migrations.AlterField(
            model_name="vetofile",
            name="entry",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="veto_files",
                to="assessments.entry",
            ),
        ),
        migrations.AlterField(
            model_name="vetofile",
            name="reason",
            field=models.CharField(blank=True, max_length=600),
        ),
        migrations.RunSQL(
            sql=_seen_with(OF_VISIBLE_SHEET), reverse_sql=_seen_with(OF_VISIBLE_ENTRY)
        ),
    ]
