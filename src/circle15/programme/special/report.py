"""The progress of a special project: the numbers of the pages, and the report made of them.

The report is written in Chinese, as it is filed; it carries the day its numbers are of.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone, translation

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.core.papers.official import Block, Heading, Official, Paragraph, Table
from circle15.programme.construction.queries import (
    Found,
    ProjectView,
    projects,
    view_of,
)
from circle15.programme.construction.queries import counts as construction_counts
from circle15.programme.construction_states import ProjectState
from circle15.programme.funds.figures import Figures
from circle15.programme.funds.queries import overview, rounds
from circle15.programme.rounds.documents import MARK, day_words
from circle15.programme.rounds.prefill import bureau_of
from circle15.programme.targets.ground import Ground
from circle15.programme.targets.progress import Progress, all_progress
from circle15.programme.targets.queries import targets_of
from circle15.programme.training.queries import sessions
from circle15.programme.training_models import Attendance
from circle15.programme.training_states import SessionState


@dataclass(frozen=True, slots=True)
class SpecialProgress:
    """The progress of a special project on a day; "" is the whole of the area's construction.

    `money` and `held`, `came` (training of the year) are None for who may not see them.
    """

    special: str
    on: date
    counts: dict[str, int]
    projects: tuple[ProjectView, ...]
    targets: tuple[Progress, ...]
    money: tuple[tuple[str, Figures], ...] | None
    held: int | None
    came: int | None
    is_synthetic: bool


def specials(by: Actor) -> list[str]:
    """Return the special projects of the actor's area. Raises NotAllowed."""
    rows = projects(by, Found("all"), on=timezone.localdate()).exclude(special="")
    return sorted(set(rows.order_by().values_list("special", flat=True)))


# Clauses: Q-57
def special_progress(by: Actor, special: str, *, on: date) -> SpecialProgress:
    """Return how a special project stands today. Raises NotAllowed, NotFound for an unknown one."""
    rows = projects(by, Found("all"), on=on)
    if special:
        rows = rows.filter(special=special)
    views = tuple(view_of(each, on=on) for each in rows)
    if special and not views:
        raise NotFound
    aims = targets_of(by, year=on.year)
    found = tuple(all_progress(aims, Ground(by.area_path, today=on), on=on))
    held, came = _training(by, on)
    return SpecialProgress(
        special=special,
        on=on,
        counts=_counts(views) if special else construction_counts(by, on=on),
        projects=views,
        targets=found,
        money=_money(by, on),
        held=held,
        came=came,
        is_synthetic=any(each.project.is_synthetic for each in views),
    )


def special_report(by: Actor, special: str, *, on: date) -> Official:
    """Return the report of a day. Raises NotAllowed, NotFound."""
    found = special_progress(by, special, on=on)
    with translation.override("zh-hans"):
        issuer = bureau_of(by.area_name)
        return Official(
            title=f"“15分钟医保服务圈”{special}专项进展情况报告",
            blocks=tuple(_blocks(found)),
            issuer=issuer,
            issuer_mark=issuer,
            day=day_words(on),
            mark=MARK if found.is_synthetic else "",
        )


def _counts(views: tuple[ProjectView, ...]) -> dict[str, int]:
    running = [each for each in views if each.project.state == ProjectState.RUNNING]
    states = Counter(each.project.state for each in views)
    return {**states, "late": sum(each.late > 0 for each in running)}


def _money(by: Actor, on: date) -> tuple[tuple[str, Figures], ...] | None:
    if not by.can(Permission.VIEW_FUNDS):
        return None
    of = rounds(by).filter(begins_on__lte=on, ends_on__gte=on)
    return tuple((each.name, overview(by, each).total) for each in of)


def _training(by: Actor, on: date) -> tuple[int | None, int | None]:
    """Count the sessions held in the year, and who came to them."""
    if not by.can(Permission.VIEW_TRAINING):
        return None, None
    begun = timezone.make_aware(datetime.combine(on.replace(month=1, day=1), time()))
    rows = sessions(by).filter(state=SessionState.HELD, starts_at__gte=begun)
    return rows.count(), Attendance.objects.filter(session__in=rows.values("pk")).count()


def _blocks(found: SpecialProgress) -> Iterator[Block]:
    yield Paragraph(f"截至{day_words(found.on)}，有关进展情况报告如下。")
    yield from _built(found)
    yield from _aimed(found)
    if found.money is not None:
        yield from _paid(found.money)
    if found.held is not None:
        yield Heading("培训情况")
        yield Paragraph(f"{found.on.year}年以来已办培训{found.held}场，到场{found.came}人次。")


def _built(found: SpecialProgress) -> Iterator[Block]:
    yield Heading("建设情况")
    n = found.counts
    states = {state: n.get(state, 0) for state in ProjectState.values}
    yield Paragraph(
        f"共{sum(states.values())}个建设项目，其中已建成{states[ProjectState.FINISHED]}个、"
        f"建设中{states[ProjectState.RUNNING]}个、已停止{states[ProjectState.STOPPED]}个；"
        f"建设中的有{n.get('late', 0)}个存在超期节点。"
    )
    rows = tuple(
        (
            each.project.site.name,
            str(ProjectState(each.project.state).label),
            f"{each.done}/{len(each.rows)}",
            str(each.late),
        )
        for each in found.projects
    )
    if rows:
        yield Table("", ("网点", "状态", "完成节点", "超期节点"), rows, (5, 2, 2, 2), (2, 3))


def _aimed(found: SpecialProgress) -> Iterator[Block]:
    yield Heading("目标完成情况")
    if not found.targets:
        yield Paragraph("本年度没有设定目标。")
        return
    rows = tuple(
        (
            each.target.name,
            _figure(each),
            str(each.standing.label),
            day_words(each.target.due_on),
        )
        for each in found.targets
    )
    yield Table("", ("目标", "完成", "状态", "期限"), rows, (5, 2, 2, 3), (1,))


def _figure(one: Progress) -> str:
    now = "—" if one.figure is None else f"{one.figure.normalize():f}"
    return f"{now}/{one.goal.normalize():f}{one.unit_word}"


def _paid(money: tuple[tuple[str, Figures], ...]) -> Iterator[Block]:
    yield Heading("资金情况")
    if not money:
        yield Paragraph("没有在期的资金期。")
        return
    rows = tuple(
        (name, *(f"{n:,.2f}" for n in (one.received, one.used, one.returned, one.left)))
        for name, one in money
    )
    heads = ("资金期（元）", "到位", "已使用", "退回", "结余")
    yield Table("", heads, rows, (4, 3, 3, 2, 3), (1, 2, 3, 4))
