"""`circle15 plan staffing`: how many windows and people a hall needs, hour by hour."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from circle15.cli.planning_input import BAD_INPUT, AsJson, print_json, refusing
from circle15.cli.shown import show

if TYPE_CHECKING:
    from circle15.planning.hall.plan import HallPlan
    from circle15.planning.hall.summary import Figures

Result = TypeVar("Result")
MOST_DAYS = 20_000
MOST_PEOPLE = 5_000_000
MOST_WINDOWS = 200

HallPath = Annotated[
    Path | None, typer.Option("--hall", metavar="大厅", help="YAML：开放时间、事项、窗口等")
]
People = Annotated[
    int | None, typer.Option("--people", help="服务人口；到厅人数按假设推算，见输出的 assumptions")
]
ArrivalsPath = Annotated[
    Path | None,
    typer.Option(
        "--arrivals",
        metavar="记录",
        help="CSV：arrived_at，可含 started_at、ended_at、left_at、item、window",
    ),
]
Windows = Annotated[int | None, typer.Option("--windows", help="另看全天开这么多窗口时如何")]
Share = Annotated[float, typer.Option("--target", help="目标：多大比例的人按时办理")]
Within = Annotated[float, typer.Option("--within", help="目标：等候不超过多少分钟")]
Weekday = Annotated[int | None, typer.Option("--weekday", help="1—7，缺省为人最多的一天")]
Days = Annotated[int, typer.Option("--days", help="模拟多少天")]
Seed = Annotated[int, typer.Option("--seed", help="随机种子：同种子同结果")]
Assume = Annotated[
    list[str] | None,
    typer.Option("--assume", metavar="名称=取值", help="改一项假设，如 patience=none"),
]


def staffing(  # noqa: PLR0913 -- one parameter for each option
    *,
    hall: HallPath = None,
    people: People = None,
    arrivals: ArrivalsPath = None,
    windows: Windows = None,
    target: Share = 0.9,
    within: Within = 10.0,
    weekday: Weekday = None,
    days: Days = 400,
    seed: Seed = 15,
    assume: Assume = None,
    as_json: AsJson = False,
) -> None:
    """Find the windows by hour and the smallest roster that reach the target."""
    problems = _problems(
        ("--people", people, 1, MOST_PEOPLE),
        ("--windows", windows, 1, MOST_WINDOWS),
        ("--target", target, 0.01, 0.999),
        ("--within", within, 0, 1440),
        ("--weekday", weekday, 1, 7),
        ("--days", days, 20, MOST_DAYS),
        ("--seed", seed, 0, 2**63),
    )
    if people is not None and arrivals is not None:
        problems.append("--people 与 --arrivals 只能用一个；人口可写在大厅文件的 people 中")
    changes = _changes(assume or [], problems)
    with refusing():
        from circle15.planning.hall.assumptions import read_hall_file
        from circle15.planning.hall.plan import Question, plan_as_json, plan_hall
        from circle15.planning.hall.records_file import read_visits
        from circle15.planning.hall.staffing import Target, Trials

        file = _tried(lambda: read_hall_file(hall, changes), problems)
        visits = _tried(lambda: read_visits(arrivals), problems) if arrivals else None
        _refuse(problems)
        assert file is not None
        plan = plan_hall(
            Question(
                file=file,
                people=people,
                visits=visits,
                weekday=None if weekday is None else weekday - 1,
                windows=windows,
                target=Target(target, within * 60),
                trials=Trials(days, seed),
            )
        )
    if as_json:
        print_json(plan_as_json(plan))
    else:
        _show(plan)


# --- bad input, all at once


def _problems(*limits: tuple[str, float | None, float, float]) -> list[str]:
    return [
        f"{option}：应在 {low:g} 至 {high:g} 之间，得到 {value:g}"
        for option, value, low, high in limits
        if value is not None and not low <= value <= high
    ]


def _changes(given: list[str], problems: list[str]) -> dict[str, str]:
    changes = {}
    for each in given:
        name, equals, value = each.partition("=")
        if equals:
            changes[name] = value
        else:
            problems.append(f"--assume：应为 名称=取值，得到 {each}")
    return changes


def _tried(read: Callable[[], Result], problems: list[str]) -> Result | None:
    """Read something; note what it refuses and go on, so that everything is named at once."""
    from circle15.planning.problems import PlanningRefused

    try:
        return read()
    except PlanningRefused as refused:
        problems += [problem.zh for problem in refused.problems]
        return None


def _refuse(problems: list[str]) -> None:
    if problems:
        for problem in problems:
            typer.echo(problem, err=True)
        raise typer.Exit(BAD_INPUT)


# --- for people


def _show(plan: "HallPlan") -> None:
    from circle15.planning.hall.plan import WEEKDAYS

    found = plan.staffing
    seen = found.figures
    needed = dict(found.windows_by_hour)
    share, minutes = f"{found.target.share:.0%}", f"{found.target.within_s / 60:g}"
    typer.echo(
        f"{WEEKDAYS[found.weekday]}，平均 {seen.people:.0f} 人；"
        f"目标：每小时到的人中 {share} 在 {minutes} 分钟内办理"
    )
    show(
        "各时段窗口",
        ("时段", "到达", "窗口", "在岗", f"{minutes} 分钟内", "平均等候", "负荷"),
        [
            (
                f"{hour.hour:02d} 时",
                f"{hour.people:.1f} 人",
                f"{needed[hour.hour]} 个",
                f"{hour.windows:.1f} 人",
                f"{hour.within:.1%}",
                f"{hour.mean_wait_s / 60:.1f} 分钟",
                f"{hour.utilization:.0%}",
            )
            for hour in seen.hours
        ],
    )
    _show_roster(plan)
    _show_waits("按此排班（另一批模拟日）", seen, found.target.share)
    if plan.given is not None:
        title = f"所给 {len(plan.given_windows)} 个窗口"
        _show_waits(title, plan.given, found.target.share)
    _show_norms(plan)
    typer.echo("到厅人数、事项、耐心等为假设或记录，逐项来源见 --json 的 assumptions")


def _show_roster(plan: "HallPlan") -> None:
    from circle15.planning.hall.schedule import clock

    roster = plan.staffing.roster
    proof = "已证明最少" if roster.proven else "未证明最少"
    show(
        f"排班：{roster.people} 人（{proof}）",
        ("上岗", "下岗", "休息", "人数"),
        [
            (
                clock(shift.duty.from_s),
                clock(shift.duty.until_s),
                f"{clock(shift.pause.from_s)}-{clock(shift.pause.until_s)}"
                if shift.pause
                else "无",
                f"{count} 人",
            )
            for shift, count in roster.shifts
        ],
    )
    typer.echo(f"排班 {roster.people} 人，{roster.hours:g} 小时，{proof}")


def _show_waits(title: str, seen: "Figures", target: float) -> None:
    waits = "，".join(f"P{p} {each.value / 60:.1f} 分钟" for p, each in seen.wait_s)
    reached = "达到目标" if seen.within.value >= target else "未达到目标"
    typer.echo(
        f"{title}：{seen.within_s / 60:g} 分钟内 {seen.within.value:.1%}"
        f"（±{seen.within.half_width:.1%}），{reached}；等候 {waits}；"
        f"放弃 {seen.gave_up.value:.1%}，未办 {seen.sent_away.value:.1%}；"
        f"同时等候最多 {seen.most_waiting} 人（95% 的日子）"
    )


def _show_norms(plan: "HallPlan") -> None:
    for norm in plan.norms:
        usual = "" if norm.usual_most == norm.least else f"—{norm.usual_most}"
        typer.echo(f"{norm.title.zh} {norm.clause}：{norm.least}{usual} 人")
    if plan.norms:
        typer.echo(f"建议配备 {plan.staff} 人（排班与文件下限取较大）")
