"""What a check or an import came to, as plain values that survive in a record."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from circle15.core.messages import NOTHING, Message, message_from_json, message_to_json

MOST_KEPT = 500


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong where; row 0 is the sheet as a whole, which nothing can be taken from."""

    sheet: str
    row: int
    column: str
    message: Message

    def __str__(self) -> str:
        row = f"第{self.row}行" if self.row else ""
        column = f"“{self.column}”" if self.column else ""
        place = " ".join(part for part in (self.sheet, row, column) if part)
        return f"{place}：{self.message}"

    @property
    def of_sheet(self) -> Message:
        """What is wrong with the sheet as a whole."""
        return Message("%(place)s：%(what)s", place=self.sheet, what=self.message)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that was made right or left out, and how often; not an error."""

    sheet: str
    column: str
    message: Message
    rows: int = 0
    first_row: int = 0

    def __str__(self) -> str:
        return str(self.whole)

    @property
    def whole(self) -> Message:
        """The notice with its place."""
        what = self._counted()
        if not self.sheet:
            return what
        if not self.column:
            return Message("%(place)s：%(what)s", place=self.sheet, what=what)
        return Message(
            "%(sheet)s “%(column)s”：%(what)s", sheet=self.sheet, column=self.column, what=what
        )

    def _counted(self) -> Message:
        if not self.rows:
            return self.message
        return Message(
            "%(what)s（%(rows)s行，首见第%(first)s行）",
            what=self.message,
            rows=self.rows,
            first=self.first_row,
        )


@dataclass(frozen=True, slots=True)
class SheetCounts:
    kind: str
    title: str
    new: int = 0
    changed: int = 0
    same: int = 0
    failed: int = 0

    @property
    def rows(self) -> int:
        return self.new + self.changed + self.same + self.failed


@dataclass(frozen=True, slots=True)
class Report:
    """Counts by sheet, problems and notices; `problem_count` counts also those not kept."""

    sheets: tuple[SheetCounts, ...]
    problems: tuple[Problem, ...]
    notices: tuple[Notice, ...]
    problem_count: int
    coordinate_system: str = ""
    message: Message = NOTHING

    @property
    def new(self) -> int:
        return sum(sheet.new for sheet in self.sheets)

    @property
    def changed(self) -> int:
        return sum(sheet.changed for sheet in self.sheets)

    @property
    def same(self) -> int:
        return sum(sheet.same for sheet in self.sheets)

    @property
    def failed(self) -> int:
        return sum(sheet.failed for sheet in self.sheets)

    @property
    def rows(self) -> int:
        return sum(sheet.rows for sheet in self.sheets)

    @property
    def is_usable(self) -> bool:
        """Say whether single rows are to blame only, so that the rest can be imported."""
        return all(problem.row for problem in self.problems)

    @property
    def first_problems(self) -> tuple[Problem, ...]:
        return self.problems[:20]


def report_to_json(report: Report) -> dict[str, object]:
    """Give the form for other programs, in Chinese, without the long tail of problems."""
    fields = asdict(replace(report, problems=report.problems[:MOST_KEPT]))
    return {name: [*value] if isinstance(value, tuple) else value for name, value in fields.items()}


def report_to_record(report: Report) -> dict[str, object]:
    """Give the form that is stored: messages in parts, to be said in the language of a reader."""
    problems, notices = report.problems[:MOST_KEPT], report.notices
    return report_to_json(report) | {
        "problems": [asdict(one) | _message(one) for one in problems],
        "notices": [asdict(one) | _message(one) for one in notices],
        "message": message_to_json(report.message),
    }


def _message(holder: Problem | Notice) -> dict[str, object]:
    return {"message": message_to_json(holder.message)}


def report_from_record(raw: Mapping[str, object]) -> Report:
    """Give the report back."""
    sheets, problems, notices = raw["sheets"], raw["problems"], raw["notices"]
    assert isinstance(sheets, list)
    assert isinstance(problems, list)
    assert isinstance(notices, list)
    return Report(
        sheets=tuple(SheetCounts(**one) for one in sheets),
        problems=tuple(Problem(**_with_message(one)) for one in problems),
        notices=tuple(Notice(**_with_message(one)) for one in notices),
        problem_count=int(str(raw["problem_count"])),
        coordinate_system=str(raw["coordinate_system"]),
        message=message_from_json(raw["message"]),
    )


def _with_message(fields: dict[str, Any]) -> dict[str, Any]:
    return fields | {"message": message_from_json(fields["message"])}
