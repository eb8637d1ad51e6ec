"""The planning map: sites added, moved and closed on trial, and who is covered then."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.plans import actions
from circle15.plans.documents.answers import AreaRow, areas_in_order, most_changed_first
from circle15.plans.documents.bands import Key, bands_of, legend
from circle15.plans.documents.drawn import ADDED, CLOSED, KEPT, MOVED, DrawnSite
from circle15.plans.documents.wording import basis
from circle15.plans.queries import Difference, differences, network_for
from circle15.plans.refusals import NoNetwork, NoStartPoints
from circle15.plans.states import PlanKind
from circle15.web.bureau.plans.changes import ADD, CLOSE, MARK, MOST, MOVE, Change, read
from circle15.web.bureau.plans.forms import HALLS, MapForm, SaveForm
from circle15.web.bureau.plans.shown import (
    Point,
    places_for_map,
    points_farthest_first,
    site_for_map,
)
from circle15.web.shared.access import StaffRequest, reads, requires, writes

if TYPE_CHECKING:
    from circle15.plans.live import Look, Standing

PAGE = 20
PARTS = ("figures", "legend", "changes", "areas", "points", "sites")
PUT = "put"


@dataclass(slots=True)
class Scenario:
    """What the map is asked, and the answer beside today's."""

    actor: Actor
    form: MapForm
    changes: tuple[Change, ...]
    problems: list[str] = field(default_factory=list)
    now: "Look | None" = None
    today: "Look | None" = None
    ground: "Standing | None" = None

    def look(self) -> None:
        """Ask the engine; what it refuses is kept to be said. Raises NoNetwork, NoStartPoints."""
        from circle15.plans.live import look, standing  # noqa: PLC0415 -- slow import

        if not self.form.is_valid():
            return
        self.ground = self.ground or standing(self.actor)
        try:
            self.today = look(by=self.actor, question=self.form.about, on=self.ground)
            self.now = self.today
            if self.changes:
                self.now = look(by=self.actor, question=self.question, on=self.ground)
        except NotAllowed:
            raise
        except Refused as refusal:
            self.problems += str(refusal).split("\n")

    @property
    def question(self) -> dict[str, object]:
        """Write the question as a plan stores it."""
        steps = [change.question for change in self.changes]
        return {**self.form.about, "home_visits": False, "changes": steps}

    @property
    def query(self) -> QueryDict:
        """Write the map's address: the question and its changes, nothing twice."""
        found = QueryDict(mutable=True)
        names = ("mode", "minutes", "site_kinds")
        for name in names:
            value = self.form.cleaned_data.get(name, "")
            found.setlist(name, [str(each) for each in value] if name == names[2] else [str(value)])
        found.setlist("change", [change.text for change in self.changes])
        return found

    @property
    def sites(self) -> list[DrawnSite]:
        """Give today's sites and the new ones, with what becomes of each."""
        now, today = _asked(self.now), _asked(self.today)
        doings = {change.id: change.do for change in self.changes}
        states = {MOVE: MOVED, CLOSE: CLOSED}
        placed = {site.id: site for site in now.sites}
        rows = [
            _site(placed.get(site.id, site), site.kind, states.get(doings.get(site.id, ""), KEPT))
            for site in today.sites
        ]
        new = [_site(site, site.kind, ADDED) for site in now.sites if doings.get(site.id) == ADD]
        return new + rows

    @property
    def bands(self) -> tuple[str, ...]:
        """Give the band of every start point."""
        return bands_of(_asked(self.now).minutes, self.form.cleaned_data["minutes"])

    @property
    def legend(self) -> tuple[Key, ...]:
        """Count points and people by band."""
        people = [place.people for place in _asked(self.now).places]
        return legend(self.bands, people, self.form.cleaned_data["minutes"])

    @property
    def differences(self) -> list[Difference]:
        """Set the scenario beside today, the whole first."""
        return differences(_asked(self.today).record, _asked(self.now).record)

    @property
    def points(self) -> list[Point]:
        """Give all start points, those farthest away first."""
        now = _asked(self.now)
        return points_farthest_first(now.places, now.minutes, self.bands)


def _asked(look: "Look | None") -> "Look":
    assert look is not None
    return look


def _site(site: Any, kind: str, state: str) -> DrawnSite:
    # The kind of a moved site is that of before.
    return DrawnSite(site.id, site.name, kind, site.lon, site.lat, state)


def scenario_of(actor: Actor, given: QueryDict) -> Scenario:
    """Read a scenario from an address; raises NoNetwork, NoStartPoints."""
    modes = network_for(actor.area_path).modes
    data = given.copy()
    if "mode" not in data:
        data.setlist("site_kinds", list(HALLS))
    data.setdefault("mode", "ebike" if "ebike" in modes else modes[0])
    data.setdefault("minutes", "15")
    form = MapForm(data, modes=modes)
    texts = given.getlist("change")
    scenario = Scenario(actor, form, read(texts))
    if given.get("do") == PUT and form.is_valid():
        scenario.look()
        if scenario.today is not None and (text := _put(scenario)):
            scenario.changes = read([*(each.text for each in scenario.changes), text])
    if len(scenario.changes) >= MOST:
        scenario.problems.append(_("改动太多，最多 %(n)s 处。") % {"n": MOST})
    scenario.look()
    return scenario


def _put(scenario: Scenario) -> str:
    """Write the step the words of the form ask for; nothing if they can't be followed."""
    given = scenario.form.cleaned_data
    if given["place"]:
        return _put_at_place(scenario, given["site"], given["place"].strip())
    if given["lon"] is None or given["lat"] is None:
        scenario.form.add_error("place", _("请填村（社区）的名称或代码，或者填经度和纬度。"))
        return ""
    return MARK.join((*_step(given["site"]), str(given["lon"]), str(given["lat"]), ""))


def _put_at_place(scenario: Scenario, site: str, words: str) -> str:
    places = _asked(scenario.today).places
    found = [each for each in places if words in {each.code, each.name}]
    if len(found) != 1:
        scenario.form.add_error("place", _not_one(words, len(found)))
        return ""
    place = found[0]
    return MARK.join((*_step(site), str(place.lon), str(place.lat), place.name))


def _not_one(words: str, count: int) -> str:
    if not count:
        return _("没有找到“%(words)s”，请填登记的名称或 12 位代码。") % {"words": words}
    return ngettext(
        "有 %(n)s 个“%(words)s”，请填 12 位代码。",
        "有 %(n)s 个“%(words)s”，请填 12 位代码。",
        count,
    ) % {"n": count, "words": words}


def _step(site: str) -> tuple[str, str]:
    return (MOVE, site) if site else (ADD, "")


@reads
@requires(Permission.VIEW_PLANS)
def planning_map(request: StaffRequest) -> HttpResponse:
    """Show the map with the changes of the address, and everything on it as tables."""
    try:
        scenario = scenario_of(request.actor, request.GET)
    except (NoNetwork, NoStartPoints) as refusal:
        return render(request, "bureau/plans/map.html", {"nothing": str(refusal)})
    given = request.GET.getlist("change")
    settled = [change.text for change in scenario.changes]
    if scenario.form.is_valid() and (request.GET.get("do") or given != settled):
        return redirect(f"{reverse('plan_map')}?{scenario.query.urlencode()}")
    return _page(request, scenario, SaveForm(initial={"title": _usual_title(scenario)}))


def _usual_title(scenario: Scenario) -> str:
    count = len(scenario.changes)
    return ngettext("改动 %(n)s 处", "改动 %(n)s 处", count) % {"n": count} if count else ""


def _page(
    request: StaffRequest, scenario: Scenario, save: SaveForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {"form": scenario.form, "save": save, "scenario": scenario}
    if scenario.now is not None:
        context |= _context(request, scenario)
        context["synthetic"] = scenario.now.network.is_synthetic
        context["roads_url"] = reverse("network_roads", args=[scenario.now.network.digest])
        context["points_url"] = f"{reverse('plan_map_points')}?{scenario.query.urlencode()}"
    return render(request, "bureau/plans/map.html", context, status=status)


def _context(request: StaffRequest, scenario: Scenario) -> dict[str, object]:
    now, today = _asked(scenario.now), _asked(scenario.today)
    rows = scenario.differences
    areas: list[AreaRow] = areas_in_order(request.actor.area_path, rows)
    return {
        "scenario": scenario,
        "record": now.record,
        "today": today.record,
        "whole": rows[0],
        "basis": basis(now.record),
        "is_synthetic": now.network.is_synthetic,
        "legend": scenario.legend,
        "areas": most_changed_first(areas) if scenario.changes else areas,
        "points": Paginator(scenario.points, PAGE).get_page(request.GET.get("page")),
        "sites": Paginator(scenario.sites, PAGE).get_page(request.GET.get("sites")),
        "all_sites": scenario.sites,
        "query": scenario.query.urlencode(),
        "map_url": reverse("plan_map"),
    }


@reads
@requires(Permission.VIEW_PLANS)
def planning_look(request: StaffRequest) -> JsonResponse:
    """Answer the map at every change: figures, bands of the points, sites, and the tables."""
    try:
        scenario = scenario_of(request.actor, request.GET)
    except (NoNetwork, NoStartPoints) as refusal:
        return _refused([str(refusal)])
    found = [*scenario.problems, *(str(e[0]) for e in scenario.form.errors.values())]
    if found or scenario.now is None:
        return _refused(found)
    # The links of the tables lead to the map, not here, and repeat no step.
    request.GET = scenario.query  # type: ignore[assignment]  # a request may be asked anew
    context = _context(request, scenario)
    return JsonResponse(
        {
            "changes": [change.text for change in scenario.changes],
            "query": scenario.query.urlencode(),
            "minutes": scenario.now.minutes,
            "bands": scenario.bands,
            "sites": [site_for_map(site) for site in scenario.sites],
            "parts": {
                part: render_to_string(f"bureau/plans/_map_{part}.html", context, request)
                for part in PARTS
            },
        }
    )


def _refused(problems: Sequence[str]) -> JsonResponse:
    return JsonResponse({"problems": problems}, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@reads
@requires(Permission.VIEW_PLANS)
def planning_points(request: StaffRequest) -> JsonResponse:
    """Give the start points and sites of the map, once."""
    try:
        scenario = scenario_of(request.actor, request.GET)
    except (NoNetwork, NoStartPoints) as refusal:
        return _refused([str(refusal)])
    if scenario.now is None:
        return _refused(scenario.problems)
    now = scenario.now
    return JsonResponse(
        {
            "places": places_for_map(now.places, now.minutes, scenario.bands),
            "sites": [site_for_map(site) for site in scenario.sites],
        }
    )


@writes
@requires(Permission.MAKE_PLANS)
def save(request: StaffRequest) -> HttpResponse:
    """Keep the map with its changes as a coverage plan."""
    request.GET = QueryDict(request.POST.get("state", ""))
    scenario = scenario_of(request.actor, request.GET)
    form = SaveForm(request.POST)
    if not form.is_valid() or scenario.now is None:
        return _page(request, scenario, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        plan = actions.ask(
            kind=PlanKind.COVERAGE,
            title=form.cleaned_data["title"],
            question=scenario.question,
            by=request.actor,
            at=timezone.now(),
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        form.add_error("title", str(refusal))
        return _page(request, scenario, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect("plan", plan_uid=plan.uid)
