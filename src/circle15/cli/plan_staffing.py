"""`circle15 plan staffing`: how many windows and people a hall needs, hour by hour."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from circle15.cli.planning_study import Json, Study, out_of_range, show_part
from circle15.standards.text import Text

MOST_DAYS = 20_000
MOST_PEOPLE = 5_000_000
MOST_WINDOWS = 200
FEW = 10

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


def _staffing(  # noqa: PLR0913 -- one parameter for each option
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
) -> Json:
    """Find the windows by hour and the smallest roster that reach the target."""
    from circle15.planning.hall.assumptions import read_hall_file
    from circle15.planning.hall.plan import Question, plan_as_json, plan_hall
    from circle15.planning.hall.records_file import read_visits
    from circle15.planning.hall.staffing import Target, Trials

    limits = (
        ("--people", people, 1, MOST_PEOPLE),
        ("--windows", windows, 1, MOST_WINDOWS),
        ("--target", target, 0.01, 0.999),
        ("--within", within, 0, 1440),
        ("--weekday", weekday, 1, 7),
        ("--days", days, 20, MOST_DAYS),
        ("--seed", seed, 0, 2**63),
    )
    changes = dict(each.split("=", 1) for each in assume or () if "=" in each)
    file, visits = _all_read(
        [*out_of_range(*limits), *_combination(people, arrivals), *_no_assumptions(assume or ())],
        lambda: read_hall_file(hall, changes),
        lambda: None if arrivals is None else read_visits(arrivals),
    )
    question = Question(
        file=file,
        people=people,
        visits=visits,
        weekday=None if weekday is None else weekday - 1,
        windows=windows,
        target=Target(target, within * 60),
        trials=Trials(days, seed),
    )
    return plan_as_json(plan_hall(question))


# --- bad input, all at once


def _combination(people: int | None, arrivals: Path | None) -> Iterator[Text]:
    if people is not None and arrivals is not None:
        yield Text(
            "--people 与 --arrivals 只能用一个；人口可写在大厅文件的 people 中",
            "give --people or --arrivals; people may stand in the hall file",
        )


def _no_assumptions(given: Sequence[str]) -> Iterator[Text]:
    for each in given:
        if "=" not in each:
            yield Text(
                f"--assume：应为 名称=取值，得到 {each}", f"--assume is NAME=VALUE, got {each}"
            )


def _all_read(problems: list[Text], *reads: Callable[[], Any]) -> list[Any]:
    """Read all files; refuse what is wrong with them after what was wrong before, all at once."""
    from circle15.planning.problems import PlanningRefused, refuse_if_any

    found: list[Any] = []
    for read in reads:
        try:
            found.append(read())
        except PlanningRefused as refused:
            problems += refused.problems
    refuse_if_any(problems)
    return found


# --- for people


def _show(record: Json) -> None:
    from circle15.planning.hall.plan import WEEKDAYS

    target, figures = record["target"], record["figures"]
    share, minutes = f"{target['share']:.0%}", f"{target['within_minutes']:g}"
    people = figures["people_a_day"]
    typer.echo(
        f"{WEEKDAYS[record['weekday'] - 1]}，平均 {people:.{0 if people >= FEW else 1}f} 人；"
        f"目标：每小时到的人中 {share} 在 {minutes} 分钟内办理"
    )
    _show_hours(record, minutes)
    _show_roster(record["roster"])
    _show_waits("按此排班（另一批模拟日）", figures, minutes, reached=record["verified"])
    given = record["given_windows"]
    if given is not None:
        title = f"所给 {given['windows']} 个窗口"
        _show_waits(title, given["figures"], minutes, reached=given["reaches_target"])
    _show_norms(record)
    typer.echo("到厅人数、事项、耐心等为假设或记录，逐项来源见 --json 的 assumptions")


def _show_hours(record: Json, minutes: str) -> None:
    needed = {each["hour"]: each["windows"] for each in record["windows_by_hour"]}
    heads = ("时段", "到达", "窗口", "在岗", f"{minutes} 分钟内", "平均等候", "负荷")
    rows = [
        (
            f"{hour['hour']:02d} 时",
            f"{hour['people']:.1f} 人",
            f"{needed[hour['hour']]} 个",
            f"{hour['windows']:.1f} 人",
            f"{hour['within']:.1%}",
            f"{hour['mean_wait_s'] / 60:.1f} 分钟",
            f"{hour['utilization']:.0%}",
        )
        for hour in record["figures"]["hours"]
    ]
    show_part("各时段窗口", heads, rows)


def _show_roster(roster: Json) -> None:
    proof = "已证明最少" if roster["proven_smallest"] else "未证明最少"
    rows = [
        (
            shift["from"],
            shift["until"],
            "-".join(shift["break"] or ("无",)),
            f"{shift['people']} 人",
        )
        for shift in roster["shifts"]
    ]
    title = f"排班：{roster['people']} 人，{roster['hours']:g} 小时，{proof}"
    show_part(title, ("上岗", "下岗", "休息", "人数"), rows)


def _show_waits(title: str, seen: Json, minutes: str, *, reached: bool) -> None:
    waits = "，".join(
        f"{name.upper()} {each['value']:.1f} 分钟" for name, each in seen["wait_minutes"].items()
    )
    within, half = seen["within"], seen["within"]["half_width"]
    typer.echo(
        f"{title}：{minutes} 分钟内 {within['value']:.1%}"
        f"{'' if half is None else f'（±{half:.1%}）'}，{'达到' if reached else '未达到'}目标；"
        f"等候 {waits}；"
        f"放弃 {seen['gave_up']['value']:.1%}，未办 {seen['sent_away']['value']:.1%}；"
        f"同时等候最多 {seen['most_waiting_p95']} 人（95% 的日子）"
    )


def _show_norms(record: Json) -> None:
    for norm in record["norms"]:
        usual = "" if norm["usual_most"] == norm["least"] else f"—{norm['usual_most']}"
        typer.echo(f"{norm['title']} {norm['clause']}：{norm['least']}{usual} 人")
    if record["norms"]:
        typer.echo(f"建议配备 {record['staff']} 人（排班与文件下限取较大）")


STAFFING = Study("staffing", _staffing, _show)
