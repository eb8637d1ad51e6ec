"""Show a case where it was taken in and in the back office that handles it; its parts with it."""

from django.db import migrations

from circle15.areas.row_security import SCOPE, by_area_path, protect

OF_VISIBLE_CASE = "EXISTS (SELECT FROM cases_case WHERE cases_case.id = case_id)"
PARTS = (
    "casespan",
    "casematerial",
    "casefile",
    "notice",
    "promise",
    "clock",
    "delivery",
)


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("areas", "0001_initial")]
    operations = [
        protect(
            "cases_case", f"starts_with(area_path, {SCOPE}) OR starts_with(handler_path, {SCOPE})"
        ),
        *(protect(f"cases_{part}", OF_VISIBLE_CASE) for part in PARTS),
        # A site counts with its county's numbers.
        protect(
            "cases_casecounter",
            f"starts_with(area_path, {SCOPE}) OR starts_with({SCOPE}, area_path)",
        ),
        by_area_path("cases_absence"),
    ]
