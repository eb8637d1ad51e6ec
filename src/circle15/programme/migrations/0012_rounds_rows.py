"""Show a round in its area and below it; an application and all of it where its site is seen."""

from django.db import migrations

from circle15.areas.row_security import SCOPE, append_only, by_site, protect

_OF_APPLICATION = (
    "EXISTS (SELECT FROM programme_application WHERE programme_application.id = application_id)"
)
_PARTS = ("applicationspan", "applicationremark", "applicationfile", "awardproposal")


class Migration(migrations.Migration):
    dependencies = [("programme", "0011_rounds"), ("areas", "0001_initial")]
    operations = [
        protect(
            "programme_round",
            f"starts_with(area_path, {SCOPE}) OR starts_with({SCOPE}, area_path)",
            writable=f"starts_with(area_path, {SCOPE})",
        ),
        by_site("programme_application"),
        *(protect(f"programme_{part}", _OF_APPLICATION) for part in _PARTS),
        append_only("programme_applicationspan"),
    ]
