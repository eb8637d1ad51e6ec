"""The three phases of a site on its page: how it is built, whether it serves, how it is managed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.states import Permission
from circle15.assessments.monitoring.lists import open_warnings
from circle15.programme.construction.queries import newest_of
from circle15.programme.construction_states import ProjectState
from circle15.sites.states import SiteStatus

if TYPE_CHECKING:
    from circle15.sites.models import Site

_PROJECT_TONES = {ProjectState.RUNNING: "info", ProjectState.FINISHED: "good"}
_STATUS_TONES = {
    SiteStatus.OPEN: "good",
    SiteStatus.SUSPENDED: "warn",
    SiteStatus.CLOSED: "bad",
}


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase with its state in words, and the page behind it ("" for who may not open it)."""

    name: str
    icon: str
    tone: str
    state: str
    note: str
    url: str


# Clauses: D-03
def phases_of(site: "Site", by: Actor, *, titles: Iterable[str], on: date) -> tuple[Phase, ...]:
    """Return 建设, 服务 and 管理 of a site that holds titles, as far as the reader may look."""
    return _building(site, by, on), _serving(site, by), _managing(site, by, titles)


def _building(site: "Site", by: Actor, on: date) -> Phase:
    name = _("建设")
    project = newest_of(by, site, on=on) if by.can(Permission.VIEW_PROGRAMME) else None
    if project is not None:
        state = ProjectState(project.project.state)
        note = _("节点完成 %(done)s / %(all)s") % {"done": project.done, "all": len(project.rows)}
        if project.late:
            note = _("%(note)s，超期 %(n)s 个") % {"note": note, "n": project.late}
        url = reverse("construction_project", args=[project.project.uid])
        return Phase(name, "flag", _PROJECT_TONES.get(state, "idle"), str(state.label), note, url)
    url = reverse("construction") if by.can(Permission.VIEW_PROGRAMME) else ""
    if site.opened_on is not None:
        note = _("%(day)s 开办") % {"day": site.opened_on.isoformat()}
        return Phase(name, "flag", "good", _("已建成"), note, url)
    return Phase(name, "flag", "idle", _("没有建设记录"), "", url)


def _serving(site: "Site", by: Actor) -> Phase:
    status = SiteStatus(site.status)
    page = "hall" if by.can(Permission.VIEW_HALL) else "site_inventory"
    tone, url = _STATUS_TONES.get(status, "idle"), reverse(page, args=[site.code])
    return Phase(_("服务"), "users", tone, str(status.label), "", url)


def _managing(site: "Site", by: Actor, titles: Iterable[str]) -> Phase:
    name, note = _("管理"), _("、").join(titles)
    if not by.can(Permission.VIEW_MONITORING):
        url = reverse("site_scores", args=[site.code]) if by.can(Permission.VIEW_SCORES) else ""
        return Phase(name, "scales", "info", _("按台账评分"), note, url)
    url = reverse("monitoring_site", args=[site.code])
    n = open_warnings(by, area_path=site.area_path)
    state = _("预警 %(n)s 条") % {"n": n} if n else _("没有预警")
    return Phase(name, "scales", "warn" if n else "good", state, note, url)
