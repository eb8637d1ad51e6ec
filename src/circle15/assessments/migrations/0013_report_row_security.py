"""Show reports and hand-ins in their area only; a duty also below it. What is issued stays."""

from django.db import migrations

from circle15.areas.row_security import SCOPE, append_only, by_area_path, protect


class Migration(migrations.Migration):
    dependencies = [("assessments", "0012_reports"), ("areas", "0001_initial")]
    operations = [
        by_area_path("assessments_report"),
        by_area_path("assessments_handin"),
        append_only("assessments_report"),
        protect(
            "assessments_reportduty",
            f"starts_with(area_path, {SCOPE}) OR starts_with({SCOPE}, area_path)",
            writable=f"starts_with(area_path, {SCOPE})",
        ),
    ]
