"""The whole answer for one hall: people or records in, windows, roster, waits and norms out."""

from dataclasses import asdict, dataclass, replace

from circle15.planning.hall.assumptions import Assumption, HallFile, data_file
from circle15.planning.hall.demand import busiest_weekday, hall_of_people, hall_of_records
from circle15.planning.hall.hall_reader import Parts, read_parts
from circle15.planning.hall.model import Hall, Window
from circle15.planning.hall.norms import StaffNorm, staff_norms
from circle15.planning.hall.records import Visits
from circle15.planning.hall.roster import Shift
from circle15.planning.hall.schedule import clock
from circle15.planning.hall.staffing import (
    Staffing,
    Target,
    Trials,
    figures_of,
    flat,
    hour_windows,
    staffing,
)
from circle15.planning.hall.summary import Estimate, Figures
from circle15.planning.problems import PlanningRefused
from circle15.standards.text import Text

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: of people or of records, for one weekday (0 Monday; None: the busiest).

    `windows`: figures are also wanted for so many windows all day, or for those named in the file.
    """

    file: HallFile
    people: int | None = None
    visits: Visits | None = None
    weekday: int | None = None
    windows: int | None = None
    target: Target = Target()  # noqa: RUF009 -- frozen
    trials: Trials = Trials()  # noqa: RUF009 -- frozen


@dataclass(frozen=True, slots=True)
class HallPlan:
    """The answer; `given` are the figures of the windows asked about, on the same days."""

    question: Question
    hall: Hall
    people: int | None
    staffing: Staffing
    given_windows: tuple[Window, ...]
    given: Figures | None
    norms: tuple[StaffNorm, ...]

    @property
    def staff(self) -> int:
        """People to employ: the roster, or the least of the strictest norm if that is more."""
        return max([self.staffing.roster.people, *(norm.least for norm in self.norms)])


# Clauses: D-54, W-112
def plan_hall(question: Question) -> HallPlan:
    """Answer a question; raises PlanningRefused with all problems of the input."""
    parts = read_parts(question.file)
    people = question.people or parts.people
    if question.visits is None and people is None:
        raise PlanningRefused(
            [Text("需要 --people、--arrivals 或文件中的 people", "people or arrivals are needed")]
        )
    hall, weekday = _hall(question, parts, people)
    found = staffing(hall, weekday, question.target, parts.shifts, question.trials)
    windows = _given_windows(question, parts, hall)
    fresh = question.trials.crowds(hall, weekday)[1]
    return HallPlan(
        question=question,
        hall=hall,
        people=people,
        staffing=found,
        given_windows=windows,
        given=figures_of(hall, windows, fresh, question.target) if windows else None,
        norms=staff_norms(people) if people else (),
    )


def _hall(question: Question, parts: Parts, people: int | None) -> tuple[Hall, int]:
    if question.visits is None:
        weekday = busiest_weekday(parts) if question.weekday is None else question.weekday
        if not parts.weekday_weights[weekday]:
            raise PlanningRefused([_closed(weekday)])
        return hall_of_people(parts, float(people or 0), weekday), weekday
    hall = hall_of_records(parts, question.visits)
    weekday = hall.arrivals.busiest if question.weekday is None else question.weekday
    if weekday not in hall.arrivals.by_weekday:
        raise PlanningRefused([_closed(weekday)])
    return hall, weekday


def _closed(weekday: int) -> Text:
    return Text(f"{WEEKDAYS[weekday]}没有人来", f"nobody comes on weekday {weekday + 1}")


def _given_windows(question: Question, parts: Parts, hall: Hall) -> tuple[Window, ...]:
    given = question.windows if question.windows is not None else parts.windows
    if given is None:
        return ()
    return hour_windows(hall, flat(hall, given)) if isinstance(given, int) else given


# --- as JSON


def plan_as_json(plan: HallPlan) -> dict[str, object]:
    """Return the plan for programs; minutes for waits, hours of the clock as numbers."""
    found = plan.staffing
    target = found.target
    return {
        "weekday": found.weekday + 1,
        "people": plan.people,
        "target": {"share": target.share, "within_minutes": target.within_s / 60},
        "days": plan.question.trials.days,
        "seed": plan.question.trials.seed,
        "windows_by_hour": [{"hour": hour, "windows": n} for hour, n in found.windows_by_hour],
        "roster": _roster(found),
        "verified": found.verified,
        "figures": figures_as_json(found.figures),
        "given_windows": _given(plan),
        "staff": plan.staff,
        "norms": [_norm(norm) for norm in plan.norms],
        "assumptions": {
            name: _assumption(each) for name, each in plan.question.file.assumptions.items()
        },
        "published": _published(),
    }


def _roster(found: Staffing) -> dict[str, object]:
    return {
        "people": found.roster.people,
        "hours": found.roster.hours,
        "proven_smallest": found.roster.proven,
        "shifts": [
            {"people": count, **shift_as_json(shift)} for shift, count in found.roster.shifts
        ],
    }


def shift_as_json(shift: Shift) -> dict[str, object]:
    """Return a shift in clock times."""
    return {
        "from": clock(shift.duty.from_s),
        "until": clock(shift.duty.until_s),
        "break": [clock(shift.pause.from_s), clock(shift.pause.until_s)] if shift.pause else None,
    }


def figures_as_json(seen: Figures) -> dict[str, object]:
    """Return figures: minutes, shares with their 95 % half width."""
    return {
        "people_a_day": round(seen.people, 1),
        "within": _estimate(seen.within),
        "gave_up": _estimate(seen.gave_up),
        "sent_away": _estimate(seen.sent_away),
        "mean_wait_minutes": _minutes(seen.mean_wait_s),
        "wait_minutes": {f"p{percent}": _minutes(each) for percent, each in seen.wait_s},
        "longest_wait_minutes": round(seen.longest_wait_s / 60, 1),
        "most_waiting_p95": seen.most_waiting,
        "last_customer_leaves": clock(round(seen.last_end_s)),
        "hours": [_rounded(asdict(hour)) for hour in seen.hours],
        "lanes": [
            _rounded({**asdict(lane), "lane": lane.lane.name.lower()}) for lane in seen.lanes
        ],
    }


def _rounded(fields: dict[str, object]) -> dict[str, object]:
    return {
        name: round(value, 3) if isinstance(value, float) else value
        for name, value in fields.items()
    }


def _estimate(each: Estimate) -> dict[str, float | None]:
    known = each.half_width != float("inf")
    return {
        "value": round(each.value, 4),
        "half_width": round(each.half_width, 4) if known else None,
    }


def _minutes(each: Estimate) -> dict[str, float | None]:
    return _estimate(replace(each, value=each.value / 60, half_width=each.half_width / 60))


def _given(plan: HallPlan) -> dict[str, object] | None:
    if plan.given is None:
        return None
    reached = plan.given.within.value >= plan.staffing.target.share
    return {
        "windows": len(plan.given_windows),
        "reaches_target": reached,
        "figures": figures_as_json(plan.given),
    }


def _norm(norm: StaffNorm) -> dict[str, object]:
    return {
        "edition": norm.edition,
        "title": norm.title.zh,
        "clause": norm.clause,
        "least": norm.least,
        "usual_most": norm.usual_most,
    }


def _assumption(each: Assumption) -> dict[str, object]:
    return {"value": _plain(each.value), "kind": each.kind, "origin": each.origin.zh}


def _plain(value: object) -> object:
    """Return a YAML value as JSON can write it: decimals as numbers."""
    match value:
        case dict():
            return {str(key): _plain(each) for key, each in value.items()}
        case list():
            return [_plain(each) for each in value]
        case None | bool() | int() | str():
            return value
        case _:
            return float(str(value))


def _published() -> list[dict[str, object]]:
    """Return cases a window and day of real halls: what a plan should not be far from."""
    rows = data_file("published.yaml")
    assert isinstance(rows, list)
    return [
        {
            **row,
            "cases_a_window_and_day": round(row["cases"] / row["windows"] / row["working_days"], 1),
        }
        for row in rows
    ]
