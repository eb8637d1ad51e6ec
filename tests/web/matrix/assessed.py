"""What assessments know of a place: a campaign with its site, a line, and a title."""

from typing import TYPE_CHECKING

from tests.factories import AT

from circle15.assessments.campaign_models import Campaign, Entry, EntryLine, EntrySpan, SiteTitle
from circle15.assessments.models import StoredEdition

if TYPE_CHECKING:
    from tests.web.matrix.world import Place

BOOK = "jiangsu-acceptance"
RULE = "I01.1.a"


def assessed(place: "Place") -> None:
    """Choose the site for an assessment, freeze it, and let it have a title of an earlier one."""
    if place.site is None:
        return
    campaign = Campaign.objects.create(
        name=place.says("campaign"),
        kind="acceptance",
        area_path=place.path,
        edition=StoredEdition.objects.get(book=BOOK),
        freeze_on=AT.date(),
        objection_days=5,
        made_at=AT,
    )
    entry = Entry.objects.create(
        campaign=campaign,
        site=place.site,
        state="frozen",
        since=AT,
        sheet=place.site.sheets.get(),
        frozen_digest="0" * 64,
    )
    EntrySpan.objects.create(
        entry=entry, state="frozen", step="freeze", begun_at=AT, note=place.says("assessor")
    )
    points = {"computed": 1, "most": 1, "methods": ["ledger", "on_site"]}
    EntryLine.objects.create(entry=entry, rule_id=RULE, place=1, **points)
    title = SiteTitle.objects.create(
        site=place.site, kind="station", entry=entry, since=AT.date(), granted_at=AT
    )
    place.arguments |= {
        "campaign_uid": campaign.uid,
        "entry_uid": entry.uid,
        "title_id": title.pk,
    }
