"""What every score page and file asks first: the site, the day, the facts, the sheets."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotFound
from circle15.assessments.actions import live_sheet, values
from circle15.assessments.collect import Collection, collect
from circle15.assessments.documents.score_table import Heading
from circle15.assessments.editions import Applicable, applicable, in_force, require_begun
from circle15.assessments.models import StoredSheet
from circle15.assessments.states import VetoStanding
from circle15.assessments.vetoes import veto_standing
from circle15.scoring import ScoreSheet
from circle15.scoring.gap import GapReport, gap
from circle15.sites.models import Site
from circle15.sites.queries import site_by_code

Judged = tuple[Applicable, ScoreSheet]


@dataclass(frozen=True, slots=True)
class SiteScores:
    """A site on a day and its sheets under every book in force that day that judges it."""

    site: Site
    on: date
    today: date
    collected: Collection
    judged: tuple[Judged, ...]

    def under(self, book: str) -> Judged:
        """Return the sheet under one book; raises NotInForce before its first edition, NotFound."""
        for judged, sheet in self.judged:
            if judged.edition.id == book:
                return judged, sheet
        require_begun(book, self.on)
        raise NotFound

    def gap_under(self, book: str) -> GapReport:
        """Return what is missing to full marks under one book; raises NotFound."""
        judged, _sheet = self.under(book)
        return gap(judged.edition, values(self.collected), profile=judged.profile.id)

    @property
    def heading(self) -> Heading:
        """Return the head of a document about the site on this day."""
        return _heading(self.site, self.on)


def scores_of(actor: Actor, code: str, *, today: date, on: date | None = None) -> SiteScores:
    """Score a site as its records stood on a day, not later than today; raises NotFound."""
    day = min(on or today, today)
    site = site_by_code(actor, code)
    judged = applicable(site.kind, in_force(day))
    collected = collect(site, on=day) if judged else {}
    known = values(collected)
    sheets = tuple((each, live_sheet(known, each)) for each in judged)
    return SiteScores(site, day, today, collected, sheets)


def kept_heading(kept: StoredSheet) -> Heading:
    """Return the head of a document about a sheet kept for good."""
    purpose, standing = str(kept.get_purpose_display()), veto_standing(kept)
    if standing != VetoStanding.NONE:
        purpose = _("%(purpose)s（一票否决%(standing)s）") % {
            "purpose": purpose,
            "standing": standing.label,
        }
    return _heading(kept.site, kept.scored_on, purpose=purpose, kept_by=kept.stored_by)


def _heading(site: Site, on: date, *, purpose: str = "", kept_by: str = "") -> Heading:
    above = site.division.parent
    return Heading(
        site=site.name,
        code=site.code,
        kind=str(site.get_kind_display()),
        place=(above.name if above else "") + site.division.name,
        on=on,
        is_synthetic=site.is_synthetic,
        purpose=purpose,
        kept_by=kept_by,
    )
