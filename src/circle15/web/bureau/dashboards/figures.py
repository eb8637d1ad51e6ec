"""The figures of a dashboard as cards: value, what it rests on, last period, where its rows are."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.states import Permission
from circle15.assessments.dashboards.board import Dashboard, Peers, good_of, on_time_of
from circle15.assessments.dashboards.ranking import Estimate
from circle15.assessments.dashboards.sums import Sums
from circle15.assessments.monitoring.lists import open_warnings, supervision_orders
from circle15.hall.figures import percentile_of
from circle15.ratings.measuring.figures import cover, is_small
from circle15.standards.ratings import rating_rules
from circle15.web.bureau.dashboards import words
from circle15.web.bureau.dashboards.behind import Behind


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a card; `exact` is what stands in the file beside a shortened one."""

    key: str
    label: str
    value: str
    notes: tuple[str, ...] = ()
    url: str = ""
    unit: str = ""
    tone: str = ""
    exact: str = ""

    @property
    def note(self) -> str:
        return " · ".join(note for note in self.notes if note)


@dataclass(frozen=True, slots=True)
class Group:
    """Figures that belong together, under one heading."""

    id: str
    name: str
    about: str
    figures: tuple[Figure, ...]


def groups(actor: Actor, found: Dashboard, peers: Peers | None) -> tuple[Group, ...]:
    """Return the groups of figures somebody may see."""
    offered = (
        (Permission.VIEW_SITES, "sites", _("网点与得分"), "", _sites),
        (
            Permission.VIEW_CASES,
            "cases",
            _("办件"),
            _("收件按提交日，办结按作出决定的日子；在办和超期是现在的数。"),
            _cases,
        ),
        (Permission.VIEW_HALL, "tickets", _("排队"), _("到昨天为止已结束的日子。"), _tickets),
        (
            Permission.VIEW_RATINGS,
            "ratings",
            _("好差评"),
            _("主动评价；没有评价的不算好评，少于 %(n)s 条的不显示。")
            % {"n": rating_rules().small_cell},
            _ratings,
        ),
        (
            Permission.VIEW_MONITORING,
            "watched",
            _("预警与督办"),
            _("现在的数，不随日期变化。"),
            _watched,
        ),
    )
    return tuple(
        group
        for permission, key, name, about, of in offered
        if actor.can(permission)
        if (group := Group(key, name, about, tuple(of(actor, found, peers)))).figures
    )


def behind(found: Dashboard, counted: str) -> Behind:
    span = found.span
    return Behind(counted, span.area, span.since, span.until, span.kind)


def sites_url(found: Dashboard, **more: str) -> str:
    if found.spot.is_site:
        return reverse("site", args=[found.spot.code])
    asked = {"area": found.span.area, "kind": found.span.kind, **more}
    return f"{reverse('sites')}?{urlencode({k: v for k, v in asked.items() if v})}"


def scores_url(found: Dashboard) -> str:
    asked = {"area": found.span.area, "kind": found.span.kind}
    return f"{reverse('dashboard_scores')}?{urlencode({k: v for k, v in asked.items() if v})}"


def _sites(actor: Actor, found: Dashboard, peers: Peers | None) -> Iterator[Figure]:
    yield _count("sites", _("网点"), found.sites, url=sites_url(found), unit=_("个"))
    running = sum(n for (_kind, status), n in found.coverage.items() if status == "open")
    yield _count("open", _("运行中"), running, url=sites_url(found, status="open"), unit=_("个"))
    if not actor.can(Permission.VIEW_SCORES):
        return
    url = scores_url(found)
    yield _count("scored", _("参加评分"), len(found.scores), url=url, unit=_("个"))
    mean = found.score
    notes = (
        words.interval(mean, scale=1) if len(found.scores) > 1 else "",
        _beside(words.points(peers.percent)) if peers else "",
    )
    yield Figure("mean", _("平均得分率"), words.points(mean.value), notes, url)
    yield Figure("median", _("得分率中位数"), words.points(found.median), (), url)


def _cases(_actor: Actor, found: Dashboard, peers: Peers | None) -> Iterator[Figure]:
    now, then = found.sums.total, found.sums.former
    unit = _("件")
    for key, label in (("received", _("收件")), ("decided", _("办结"))):
        url = behind(found, key).url("cases")
        yield _count(key, label, now[key], former=then[key], url=url, unit=unit)
    share, former = on_time_of(now), on_time_of(then)
    rate = _rate("on_time", _("按时办结率"), share, former)
    beside = _beside(words.percent(on_time_of(peers.sums).value)) if peers else ""
    yield _with(rate, beside, behind(found, "in_time").url("cases"))
    seconds, before = _mean(now), _mean(then)
    notes = (_("受理到决定，含等待"), _("上期 %(n)s") % {"n": words.length(before)})
    about = _beside(words.length(_mean(peers.sums))) if peers else ""
    url = behind(found, "decided").url("cases")
    yield Figure("handling", _("平均历时"), words.length(seconds), (*notes, about), url)
    url = behind(found, "open").url("cases")
    yield _count("open_cases", _("在办"), now["open"], url=url, unit=unit)
    url, tone = behind(found, "open_late").url("cases"), "bad" if now["open_late"] else "good"
    yield _count("open_late", _("超期未结"), now["open_late"], url=url, unit=unit, tone=tone)


def _tickets(_actor: Actor, found: Dashboard, peers: Peers | None) -> Iterator[Figure]:
    now, then = found.sums.total, found.sums.former
    url = "#parts"
    if found.spot.is_site and now["came"]:
        days = urlencode({"since": f"{found.span.since}", "until": f"{found.span.until}"})
        url = f"{reverse('hall_figures', args=[found.spot.code])}?{days}"
    for key, label in (("came", _("取号")), ("served", _("办结号"))):
        yield _count(key, label, now[key], former=then[key], url=url, unit=_("个"))
    for key, share, label in (("p50", 0.5, _("半数等候不超过")), ("p90", 0.9, _("九成等候不超过"))):
        notes = (
            _("被叫号 %(n)s 个") % {"n": words.number(now.waits.total())},
            _("上期 %(n)s") % {"n": _minutes(then, share)},
            _beside(_minutes(peers.sums, share)) if peers else "",
        )
        yield Figure(key, label, _minutes(now, share), notes, url)


def _ratings(_actor: Actor, found: Dashboard, peers: Peers | None) -> Iterator[Figure]:
    now, then = found.sums.total, found.sums.former
    is_few = is_small(now["given"]) or cover([part.sums["given"] for part in found.parts]).total
    given, bad = behind(found, "given").url("ratings_given"), behind(found, "bad")
    was_few = is_small(then["given"])
    rate = _rate("good", _("好评率"), good_of(now), good_of(then), few=(is_few, was_few))
    told = peers is not None and not is_small(peers.sums["given"])
    beside = _beside(words.percent(good_of(peers.sums).value)) if peers and told else ""
    yield _with(rate, beside, given)
    yield _few("given", _("主动评价"), now["given"], url=given, is_few=is_few)
    yield _few("bad", _("差评"), now["bad"], url=bad.url("ratings_given"), is_few=is_few)
    rated = min(now["given"], now["due"])
    unrated = words.percent((now["due"] - rated) / now["due"] if now["due"] else None)
    if is_few:  # of so many due it would tell how few were given
        unrated = words.NOTHING
    notes = (_("应评价 %(n)s 件") % {"n": words.number(now["due"])},)
    yield Figure("unrated", _("未评率"), unrated, notes, given)
    for key, label in (
        ("orders", _("差评工单")),
        ("replied", _("已答复")),
        ("rectified", _("已整改")),
        ("revisited", _("已回访")),
        ("overdue", _("工单超期")),
    ):
        tone = "bad" if key == "overdue" and found.orders[key] else ""
        url = behind(found, key).url("orders")
        yield _count(key, label, found.orders[key], url=url, unit=_("件"), tone=tone)


def _watched(actor: Actor, found: Dashboard, _peers: Peers | None) -> Iterator[Figure]:
    """Return what stands against the sites now; the lists behind it know no kinds of sites."""
    if found.span.kind:
        return
    area = found.span.area
    page = reverse("monitoring_site", args=[found.spot.code]) if found.spot.is_site else ""
    n = open_warnings(actor, area_path=area)
    url = page or f"{reverse('monitoring')}?{urlencode({'area': area})}"
    yield _count("warnings", _("未解除的预警"), n, url=url, unit=_("条"), tone="warn" if n else "")
    if page or area == actor.area_path:
        n = supervision_orders(actor, area_path=area).count()
        url = page or reverse("supervision")
        yield _count("supervision", _("未了结的督办单"), n, url=url, unit=_("件"))


def _count(  # noqa: PLR0913 -- each is one visible part of a figure
    key: str,
    label: str,
    n: int,
    *,
    former: int | None = None,
    url: str = "",
    unit: str = "",
    tone: str = "",
) -> Figure:
    notes = () if former is None else (words.change(n, former),)
    shown = words.number(n)
    exact = f"{n:,}"
    more = () if shown == exact else (_("即 %(n)s") % {"n": exact},)
    return Figure(key, label, shown, (*more, *notes), url, unit, tone, exact)


def _rate(
    key: str,
    label: str,
    now: Estimate,
    former: Estimate,
    *,
    few: tuple[bool, bool] = (False, False),
) -> Figure:
    """Return a share with its interval and what it rests on; one of a few is not told."""
    if few[0]:
        return Figure(key, label, f"<{rating_rules().small_cell}", (_("数量太少，不显示"),))
    then = None if few[1] else former.value
    notes = (words.of_n(now.n), words.interval(now), words.change_of_share(now.value, then))
    return Figure(key, label, words.percent(now.value), notes)


def _with(figure: Figure, note: str, url: str) -> Figure:
    return Figure(figure.key, figure.label, figure.value, (*figure.notes, note), url)


def _few(key: str, label: str, n: int, *, url: str, is_few: bool) -> Figure:
    if is_few:
        return Figure(key, label, f"<{rating_rules().small_cell}", unit=_("条"))
    return _count(key, label, n, url=url, unit=_("条"))


def _beside(value: str) -> str:
    return _("同类 %(n)s") % {"n": value}


def _mean(sums: Sums) -> float | None:
    return sums["handled_s"] / sums["decided"] if sums["decided"] else None


def _minutes(sums: Sums, share: float) -> str:
    minutes = percentile_of(sums.waits, share)
    return words.NOTHING if minutes is None else _("%(n)d 分钟") % {"n": minutes}
