"""What the pages of scores are tested with: a whole site, a form that keeps its sheet."""

from datetime import date
from io import BytesIO

from openpyxl import load_workbook
from tests.factories import FactFactory, SiteFactory

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.ledger.models import Fact
from circle15.ledger.states import Source
from circle15.ledger.values import stored
from circle15.scoring.samples import full_facts
from circle15.standards import edition

JIANGSU, NANTONG = "jiangsu-acceptance", "nantong-demonstration"
SHEET = f"/sites/QD-0001/scores/{JIANGSU}/"
TODAY = date(2026, 3, 2)


def site_with(**lacking):
    """A site that has everything the Jiangsu book asks for but what is given."""
    site = SiteFactory()
    wanted = full_facts(edition(JIANGSU)) | lacking
    rows = [
        FactFactory.build(site=site, name=name, value=stored(value), source=Source.ON_SITE)
        for name, value in wanted.items()
    ]
    with area_scope(EVERYWHERE):
        Fact.objects.bulk_create(rows)
    return site


def store_form(**more):
    return {"book": JIANGSU, "purpose": "acceptance", "on": "2026-03-02", **more}


def total_of(file) -> object:
    rows = load_workbook(BytesIO(file.content)).active.iter_rows(values_only=True)
    return next(row[6] for row in rows if row[0] == "合计")
