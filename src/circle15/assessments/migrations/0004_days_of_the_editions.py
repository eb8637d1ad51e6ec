"""Give editions published so far the day they count from, and those followed their days back.

Until now publishing withdrew the former edition. Such a one counts again for the days before its
follower; one that was withdrawn with none after it stays withdrawn.
"""

from datetime import date
from zoneinfo import ZoneInfo

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.utils import timezone

SHANGHAI = ZoneInfo("Asia/Shanghai")
# As the documents say; where they name no day, from ever.
BUILT_IN = {"db3206-1052": date(2023, 9, 12), "wuhu-demonstration": date(2022, 4, 1)}
EARLIEST = date(2000, 1, 1)


def give_days(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Date what was published; of two published on one day the later counts.

    A book has one draft at a time, so its versions were published in the order of their ids.
    """
    editions = apps.get_model("assessments", "StoredEdition").objects
    followed: dict[str, set[date]] = {}
    for row in editions.filter(published_at__isnull=False).order_by("-id"):
        days = followed.setdefault(row.book, set())
        row.in_force_from = _day(row)
        if days and row.state == "withdrawn" and row.in_force_from not in days:
            row.state = "published"
        days.add(row.in_force_from)
        row.save(update_fields=["in_force_from", "state"])


def _day(row: object) -> date:
    book, published_at = getattr(row, "book", ""), getattr(row, "published_at", None)
    if getattr(row, "is_built_in", False):
        return BUILT_IN.get(book, EARLIEST)
    assert published_at is not None
    return timezone.localdate(published_at, SHANGHAI)


def leave_one(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Withdraw all but the edition of today, as it was before days were kept."""
    editions = apps.get_model("assessments", "StoredEdition").objects
    editions.filter(state="leaving").update(state="published")
    today = timezone.localdate(timezone=SHANGHAI)
    for book in set(editions.filter(state="published").values_list("book", flat=True)):
        rows = editions.filter(book=book, state="published")
        now = rows.filter(in_force_from__lte=today).order_by("-in_force_from").first()
        rows.exclude(id=now.id if now else None).update(state="withdrawn")


class Migration(migrations.Migration):
    dependencies = [("assessments", "0003_from_a_day")]
    operations = [migrations.RunPython(give_days, leave_one)]
