"""Sites with rule books in force and a ledger that is complete."""

from datetime import date
from decimal import Decimal

from tests import factories
from tests.factories import AT

from circle15.accounts.actors import system_actor
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.publishing import install_built_in
from circle15.ledger.models import Fact
from circle15.scoring.samples import full_facts
from circle15.sites.models import Site
from circle15.standards import edition

ON = date(2026, 3, 2)
BOOK = "jiangsu-acceptance"
BOOKS = ("jiangsu-acceptance", "nantong-demonstration", "wuhu-demonstration", "db3206-1052")


def rule_books() -> None:
    """Put the four built-in rule books in force."""
    with area_scope(EVERYWHERE):
        install_built_in(by=system_actor("test"), at=AT)


def complete(site: Site, book: str = BOOK, **changed: object) -> None:
    """Record full marks under a book, as an inspector found them."""
    facts = full_facts(edition(book)) | changed
    rows = [
        Fact(
            site=site,
            name=name,
            value=str(value) if isinstance(value, Decimal) else value,
            source="on_site",
            observed_on=ON,
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
