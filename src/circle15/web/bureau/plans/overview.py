"""The door of planning: coverage now, dated targets, stored plans, the roads in use."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.states import Permission
from circle15.areas.queries import divisions_under
from circle15.planning.targets.model import Ground, MeasureKind, Progress, progress, targets
from circle15.plans.documents.wording import basis, mode_name
from circle15.plans.queries import network_for, planned_area, plans_in_order
from circle15.plans.refusals import NoNetwork, NoStartPoints
from circle15.plans.states import BUSY, PlanKind, PlanState
from circle15.web.bureau.plans.forms import HALLS, USUAL_MINUTES
from circle15.web.bureau.plans.shown import share_of
from circle15.web.shared.access import StaffRequest, reads, requires

if TYPE_CHECKING:
    from circle15.plans.live import Standing
    from circle15.plans.models import RoadNetwork

PAGE = 20
SHOWN_LACKING = 6
FIGURES = ("ebike", "drive")
TONES = {
    PlanState.WAITING: "info",
    PlanState.WORKING: "info",
    PlanState.DONE: "good",
    PlanState.FAILED: "bad",
    PlanState.CANCELLED: "idle",
}
STANDING_TONES = {"met": "good", "open": "info", "late": "bad"}


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the two big figures, with what it rests on."""

    mode: str
    record: Mapping[str, object]

    @property
    def name(self) -> str:
        """Name the mode."""
        return mode_name(self.mode)

    @property
    def basis(self) -> str:
        """Say on what the figure rests."""
        return basis(self.record)

    @property
    def share(self) -> float | None:
        """Give the share of people within the minutes."""
        return share_of(self.record)


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A dated target, how far it has come, the first names of what lacks, and how many more.

    `basis`: on what a share of people rests; empty where sites or areas are counted.
    """

    name: str
    progress: Progress
    basis: str
    lacking: str
    more_lacking: int


@reads
@requires(Permission.VIEW_PLANS)
def overview(request: StaffRequest) -> HttpResponse:
    """Show how the area stands today and what was planned."""
    kind = request.GET.get("kind", "")
    rows = plans_in_order(request.actor, kind if kind in PlanKind.values else "")
    halls_only = request.GET.get("of") != "all"
    network = _network(request.actor)
    ground, nothing = _standing(request.actor)
    everywhere = _figures(request.actor, ground, ())
    figures = _figures(request.actor, ground, HALLS) if halls_only else everywhere
    return render(
        request,
        "bureau/plans/plans.html",
        {
            "figures": figures,
            "nothing": nothing,
            "halls_only": halls_only,
            "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
            "kind": kind,
            "kinds": PlanKind.choices,
            "tones": TONES,
            "busy": BUSY,
            "targets": _targets(request.actor, network, everywhere),
            "standing_tones": STANDING_TONES,
            "network": network,
            "modes": _("、").join(map(mode_name, network.modes)) if network else "",
            "left_out": _left_out(planned_area(network, request.actor.area_path))
            if network
            else (),
            "area_name": _area_name(request.actor, network),
            "synthetic": network is not None and network.is_synthetic,
        },
    )


def _network(actor: Actor) -> "RoadNetwork | None":
    try:
        return network_for(actor.area_path)
    except NoNetwork:
        return None


def _area_name(actor: Actor, network: "RoadNetwork | None") -> str:
    """Name what the figures are about: a city with roads of one county plans that county."""
    if network is None or planned_area(network, actor.area_path) == actor.area_path:
        return actor.area_name
    return network.division.name


def _standing(actor: Actor) -> "tuple[Standing | None, str]":
    """Read what the figures rest on, or say why there are none."""
    from circle15.plans.live import standing  # noqa: PLC0415 -- slow import

    try:
        return standing(actor), ""
    except (NoNetwork, NoStartPoints) as refusal:
        return None, str(refusal)


def _figures(actor: Actor, ground: "Standing | None", kinds: Sequence[str]) -> list[Figure]:
    from circle15.plans.live import look  # noqa: PLC0415 -- slow import

    if ground is None:
        return []
    asked = {"minutes": USUAL_MINUTES, "site_kinds": list(kinds)}
    modes = [mode for mode in FIGURES if mode in ground.network.modes]
    return [
        Figure(mode, look(by=actor, question={**asked, "mode": mode}, on=ground).record)
        for mode in modes
    ]


def _left_out(area_path: str) -> tuple[int, int]:
    from circle15.plans.register import left_out  # noqa: PLC0415 -- slow import

    return left_out(area_path)


def _targets(actor: Actor, network: "RoadNetwork | None", figures: list[Figure]) -> list[TargetRow]:
    from circle15.plans.register import ground_of  # noqa: PLC0415 -- slow import

    area_path = planned_area(network, actor.area_path) if network else actor.area_path
    figure = next((each for each in figures if each.mode == FIGURES[0]), None)
    share = figure.share if figure else None
    within = {} if share is None else {USUAL_MINUTES: share}
    return list(_rows(actor, ground_of(area_path, within), figure.basis if figure else ""))


def _rows(actor: Actor, ground: Ground, share_basis: str) -> Iterator[TargetRow]:
    today = timezone.localdate()
    found = [progress(target, ground, on=today) for target in targets()]
    measured = [each for each in found if each is not None]
    codes = {code for each in measured for code in each.lacking[:SHOWN_LACKING]}
    names = dict(
        divisions_under(actor.area_path).filter(code__in=codes).values_list("code", "name")
    )
    language = get_language() or ""
    for each in measured:
        yield TargetRow(
            each.target.name.in_language(language),
            each,
            share_basis if each.target.measure.kind == MeasureKind.PEOPLE_WITHIN else "",
            _("、").join(names.get(code, code) for code in each.lacking[:SHOWN_LACKING]),
            max(0, len(each.lacking) - SHOWN_LACKING),
        )
