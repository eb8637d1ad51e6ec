"""Money and applications of a year side by side: a round of the one with those of the other."""

from dataclasses import dataclass

from circle15.accounts.actors import Actor
from circle15.areas import scope
from circle15.areas.scope import paths_to
from circle15.programme.funds.figures import ALONE, Figures, figures_by, figures_of, parts
from circle15.programme.funds.queries import lines_of, rounds
from circle15.programme.funds_models import FundLine, FundRound
from circle15.programme.rounds.queries import applications
from circle15.programme.rounds.queries import rounds as application_rounds
from circle15.programme.rounds_models import Application, Round
from circle15.programme.rounds_states import ApplicationState


@dataclass(frozen=True, slots=True)
class RoundMoney:
    """A round of money of a round of applications, as far as the reader sees it."""

    round: FundRound
    figures: Figures


def money_of(by: Actor, one: Round) -> tuple[RoundMoney, ...]:
    """Return the money of a round of applications, the newest round first. Raises NotAllowed."""
    tree = parts(by.area_path)
    found = rounds(by).filter(applications=one)
    return tuple(RoundMoney(of, figures_of(lines_of(by, of), tree)) for of in found)


def money_by_site(by: Actor, one: Round) -> dict[str, Figures]:
    """Return what came to each place of a round of applications, by path. Raises NotAllowed."""
    of = rounds(by).filter(applications=one)
    lines = scope.within(FundLine.objects.filter(account__round__in=of), by.area_path)
    return figures_by(lines, "area_path", ALONE)


def applications_of(by: Actor, of: FundRound) -> dict[str, Application]:
    """Return the applications the money is for, by the path of the site. Raises NotAllowed."""
    if of.applications is None:
        return {}
    rows = applications(by, of.applications).exclude(state=ApplicationState.WITHDRAWN)
    return {row.site.area_path: row for row in rows}


def rounds_to_link(by: Actor, of: FundRound) -> tuple[Round, ...]:
    """Return the rounds of applications money may be for: of its area or of one around it."""
    return tuple(application_rounds(by).filter(area_path__in=paths_to(of.area_path)))
