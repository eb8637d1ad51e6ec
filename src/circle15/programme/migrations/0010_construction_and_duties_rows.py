"""Show construction and duties in their area only, a duty also below it; what was said stays."""

from django.db import migrations

from circle15.areas.row_security import SCOPE, append_only, by_area_path, protect

_OF_AN_AREA = (
    "project",
    "milestone",
    "milestoneevent",
    "milestonefile",
    "guarantee",
    "progressreport",
    "taskforce",
    "forcemember",
    "assignment",
    "dutyword",
    "dutynotice",
)
_KEPT = ("milestoneevent", "progressreport", "dutyword", "dutynotice")


class Migration(migrations.Migration):
    dependencies = [
        ("programme", "0009_construction_and_duties"),
        ("areas", "0001_initial"),
    ]
    operations = [
        *(by_area_path(f"programme_{name}") for name in _OF_AN_AREA),
        *(append_only(f"programme_{name}") for name in _KEPT),
        protect(
            "programme_duty",
            f"starts_with(area_path, {SCOPE}) OR starts_with({SCOPE}, area_path)",
            writable=f"starts_with(area_path, {SCOPE})",
        ),
    ]
