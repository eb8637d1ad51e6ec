"""Sites with rule books in force and a ledger that is complete."""

from datetime import date
from decimal import Decimal

from tests import factories
from tests.factories import AT

from circle15.accounts.actors import system_actor
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.models import StoredEdition
from circle15.assessments.publishing import install_built_in
from circle15.ledger.models import Fact
from circle15.scoring.samples import full_facts
from circle15.sites.models import Site
from circle15.standards import edition
from circle15.standards.library import source
from circle15.standards.parser import parse_edition

ON = date(2026, 3, 2)
BOOK = "jiangsu-acceptance"
BOOKS = ("jiangsu-acceptance", "nantong-demonstration", "wuhu-demonstration", "db3206-1052")


def rule_books() -> None:
    """Put the four built-in rule books in force."""
    with area_scope(EVERYWHERE):
        install_built_in(by=system_actor("test"), at=AT)


def version(number: int, since: date, *changed: tuple[str, str]) -> StoredEdition:
    """Publish a version of the Jiangsu book, its text changed, from a day on."""
    text = source(BOOK).replace("version: 1\n", f"version: {number}\n")
    for old, new in changed:
        assert old in text
        text = text.replace(old, new)
    return StoredEdition.objects.create(
        book=BOOK,
        version=str(number),
        title="江苏省评分规则",
        text=text,
        digest=parse_edition(text).hash,
        state="published",
        drafted_by="test",
        drafted_at=AT,
        published_by="test",
        published_at=AT,
        in_force_from=since,
    )


def complete(site: Site, book: str = BOOK, *, on: date = ON, **changed: object) -> None:
    """Record full marks under a book, as an inspector found them on a day."""
    facts = full_facts(edition(book)) | changed
    rows = [
        Fact(
            site=site,
            name=name,
            value=str(value) if isinstance(value, Decimal) else value,
            source="on_site",
            observed_on=on,
            recorded_at=AT,
        )
        for name, value in facts.items()
    ]
    with area_scope(EVERYWHERE):
        Fact.objects.bulk_create(rows)


def a_site(**kind: object) -> Site:
    """Return a site with its division at hand."""
    site = factories.SiteFactory(**kind)
    with area_scope(EVERYWHERE):
        return Site.objects.select_related("division__parent").get(id=site.id)
