"""Show what is planned in an area to all inside it, and who did what only to those above."""

from django.db import migrations

from circle15.areas.row_security import SCOPE, append_only, by_area_path, protect

_BELOW = f"starts_with(area_path, {SCOPE})"


def _seen_inside(table: str) -> migrations.RunSQL:
    """Show rows to their area and to everybody inside it; only those above write them."""
    return protect(table, f"{_BELOW} OR starts_with({SCOPE}, area_path)", writable=_BELOW)


class Migration(migrations.Migration):
    dependencies = [("programme", "0007_training_and_activities"), ("areas", "0001_initial")]
    operations = [
        _seen_inside("programme_trainingplanline"),
        _seen_inside("programme_policynotice"),
        _seen_inside("programme_trainingsession"),
        _seen_inside("programme_trainingmaterial"),
        _seen_inside("programme_question"),
        by_area_path("programme_attendance"),
        by_area_path("programme_signtry"),
        by_area_path("programme_quizpaper"),
        by_area_path("programme_activity"),
        protect(
            "programme_activity_evidence",
            "EXISTS (SELECT FROM programme_activity WHERE programme_activity.id = activity_id)",
        ),
        by_area_path("programme_incident"),
        by_area_path("programme_incidentnote"),
        append_only("programme_trainingmaterial"),
        append_only("programme_incidentnote"),
    ]
