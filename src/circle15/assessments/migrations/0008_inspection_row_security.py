"""Show checks and what they found in their area only; a draw also below it: it is published."""

from django.db import migrations

from circle15.areas.row_security import SCOPE, by_area_path, protect

TABLES = (
    "inspection",
    "inspectionseat",
    "inspectionspan",
    "inspectionphoto",
    "inspectionsubmission",
    "inspectionline",
    "finding",
)


class Migration(migrations.Migration):
    dependencies = [("assessments", "0007_inspections"), ("areas", "0001_initial")]
    operations = [
        *(by_area_path(f"assessments_{table}") for table in TABLES),
        protect(
            "assessments_inspectiondraw",
            f"starts_with(area_path, {SCOPE}) OR starts_with({SCOPE}, area_path)",
            writable=f"starts_with(area_path, {SCOPE})",
        ),
    ]
