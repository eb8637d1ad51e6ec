"""Work lists: which cases, in the actor's area, in the order in which they are wanted."""

from collections.abc import Iterable
from typing import Final, NamedTuple
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from circle15.accounts.actors import Actor
from circle15.accounts.states import Permission
from circle15.cases.exporting import export_cases
from circle15.cases.states import CaseState, Channel
from circle15.cases.tallies.counted import Counted
from circle15.cases.work import WorkFilter, WorkKind, work_list, work_rows
from circle15.core.identifiers import is_social_credit_code
from circle15.items.naming import item_names
from circle15.ratings.orders.lists import count_begun_anew
from circle15.sites.queries import visible_to
from circle15.web.bureau.cases.calls import calls_waiting
from circle15.web.bureau.cases.forms import FilterForm
from circle15.web.bureau.cases.shown import row_of
from circle15.web.bureau.dashboards.behind import Behind, behind
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.item_words import grouped

PAGE_SIZE: Final = 50
# A city of towns and villages has some thousands.
MOST_SITES: Final = 20_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ListKind(NamedTuple):
    """A list: its words, what is in it, what to say when nothing is, and for whom it is."""

    kind: WorkKind
    name: str | Promise
    about: str | Promise
    none: str | Promise
    permission: Permission | None = None


LISTS: Final = (
    ListKind(
        WorkKind.MINE,
        _("我经办的"),
        _("现在由我经办、还没有办结的"),
        _("从“待领办”里领一件，或者等分派。"),
    ),
    ListKind(
        WorkKind.TO_TAKE_IN,
        _("待受理"),
        _("已经提交、等核对材料的"),
        _("网上和窗口的申请都核对过了。"),
    ),
    ListKind(
        WorkKind.QUEUE,
        _("待领办"),
        _("已受理、还没有人领办的"),
        _("都有人在办了。"),
        Permission.HANDLE_CASES,
    ),
    ListKind(
        WorkKind.TO_SEND_UP,
        _("待上报"),
        _("代收代办、还没有交到后台的"),
        _("代收的都交上去了。"),
        Permission.TAKE_IN,
    ),
    ListKind(
        WorkKind.REVIEW,
        _("待复核"),
        _("别人拟定了结论、等第二个人把关的"),
        _("没有等复核的。"),
        Permission.HANDLE_CASES,
    ),
    ListKind(
        WorkKind.FOLLOW,
        _("我首问的"),
        _("我是首问负责人、要跟到办结的"),
        _("您首问的都办结了。"),
        Permission.TAKE_IN,
    ),
    ListKind(WorkKind.DUE_SOON, _("快到期"), _("三天以内到期的"), _("没有快到期的。")),
    ListKind(WorkKind.OVERDUE, _("已超期"), _("过了时限还没有办结的"), _("没有超期的。")),
    ListKind(
        WorkKind.PROMISES,
        _("容缺待补"),
        _("先受理、还有材料没补的"),
        _("容缺的材料都补齐了。"),
        Permission.TAKE_IN,
    ),
    ListKind(WorkKind.HAND_OUT, _("待出件"), _("有了结论、等人来领的"), _("结果都送到了。")),
    ListKind(WorkKind.OPEN, _("在办"), _("所有没有办结的"), _("没有在办的。")),
    ListKind(WorkKind.ALL, _("全部"), _("辖区内的所有办件"), _("还没有办件。")),
)
BY_KIND: Final = {each.kind: each for each in LISTS}


def lists_of(actor: Actor) -> tuple[ListKind, ...]:
    """Return the lists of an actor's work."""
    return tuple(each for each in LISTS if each.permission is None or actor.can(each.permission))


def filter_form(request: StaffRequest) -> FilterForm:
    """Return the filter with what the actor may choose from."""
    sites = visible_to(request.actor).order_by("sort_key", "id").values_list("area_path", "name")
    form = FilterForm(
        request.GET,
        choices={
            "item": grouped(item_names(timezone.localdate())),
            "state": CaseState.choices,
            "channel": Channel.choices,
            "site": list(sites[:MOST_SITES]),
        },
    )
    form.is_valid()
    return form


def chosen_kind(request: StaffRequest) -> ListKind:
    """Return the list that was asked for, else the first that is the actor's work."""
    offered = lists_of(request.actor)
    supervises = request.actor.can(Permission.SUPERVISE_CASES)
    usual = WorkKind.OPEN if supervises else WorkKind.MINE
    wanted = request.GET.get("list", "")
    found = next((each for each in offered if each.kind == wanted), None)
    return found or BY_KIND[usual]


def work_filter(form: FilterForm, kind: WorkKind, rows: Behind | None = None) -> WorkFilter:
    """Return what to look for; what is no number is an organisation."""
    if rows is not None and rows.counted in set(Counted):
        return WorkFilter(
            kind=WorkKind.ALL,
            site_path=rows.area,
            counted=Counted(rows.counted),
            site_kind=rows.site_kind,
            since=rows.since,
            until=rows.until,
        )
    typed = form.chosen("number").strip()
    is_number = typed.isdecimal() and not is_social_credit_code(typed)
    return WorkFilter(
        kind=kind,
        item_key=form.chosen("item"),
        state=form.chosen("state"),
        site_path=form.chosen("site"),
        number=typed if is_number else "",
        organisation="" if is_number else typed,
        channel=form.chosen("channel"),
    )


@reads
@requires(Permission.VIEW_CASES)
def case_list(request: StaffRequest) -> HttpResponse:
    """Show a list, fifty a page; the address keeps the list, the filters and the place in it."""
    kind, form, on = chosen_kind(request), filter_form(request), timezone.localdate()
    rows = behind(request)
    what = work_filter(form, kind.kind, rows)
    found = work_list(
        by=request.actor,
        what=what,
        after=request.GET.get("after", ""),
        size=PAGE_SIZE,
        on=on,
    )
    query = {name: str(value) for name, value in request.GET.items() if name != "after" and value}
    context = {
        "kind": kind.kind,
        "kind_name": kind.name,
        "kind_about": kind.about,
        "kind_empty": kind.none,
        "kinds": [
            {"name": each.name, "url": _address(list=each.kind), "on": each is kind}
            for each in lists_of(request.actor)
        ],
        "form": form,
        "narrowed": any(form.chosen(name) for name in form.fields),
        "behind": rows if what.counted else None,
        "behind_count": work_rows(by=request.actor, what=what, on=on).count()
        if what.counted
        else 0,
        "rows": [row_of(line, on=on) for line in found.lines],
        "next_url": _address(query.items(), after=found.after) if found.after else "",
        "first_url": _address(query.items()) if request.GET.get("after") else "",
        "calls": calls_waiting(request.actor),
        "begun_anew": count_begun_anew(request.actor, on=timezone.localdate()),
        "may_take_in": request.actor.can(Permission.TAKE_IN),
        "may_supervise": request.actor.can(Permission.SUPERVISE_CASES),
        "synthetic": any(line.is_synthetic for line in found.lines),
    }
    return render(request, "bureau/cases/list.html", context)


def _address(query: Iterable[tuple[str, str]] = (), **more: str) -> str:
    return f"{reverse('cases')}?{urlencode({**dict(query), **more})}"


@writes
@requires(Permission.VIEW_CASES)
def export(request: StaffRequest) -> HttpResponse:
    """Hand out the list as a workbook; the trail keeps who took which cases along."""
    kind, form = chosen_kind(request), filter_form(request)
    at = timezone.now()
    what = work_filter(form, kind.kind, behind(request))
    content = export_cases(what=what, by=request.actor, at=at)
    reply = HttpResponse(content, content_type=XLSX)
    name = f"circle15-cases-{timezone.localtime(at):%Y%m%d-%H%M}.xlsx"
    reply["Content-Disposition"] = f'attachment; filename="{name}"'
    return reply
