"""What a check or an import came to, as plain values that survive in a record."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

MOST_KEPT = 500


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong where; row 0 is the sheet as a whole, which nothing can be taken from."""

    sheet: str
    row: int
    column: str
    message: str

    def __str__(self) -> str:
        row = f"第{self.row}行" if self.row else ""
        column = f"“{self.column}”" if self.column else ""
        place = " ".join(part for part in (self.sheet, row, column) if part)
        return f"{place}：{self.message}"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that was made right or left out, and how often; not an error."""

    sheet: str
    column: str
    message: str
    rows: int = 0
    first_row: int = 0

    def __str__(self) -> str:
        column = f"“{self.column}”" if self.column else ""
        rows = f"（{self.rows}行，首见第{self.first_row}行）" if self.rows else ""
        return f"{self.sheet} {column}：{self.message}{rows}".replace(" ：", "：")


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
    message: str = ""

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
    """Give the form that is stored, without the long tail of problems."""
    fields = asdict(replace(report, problems=report.problems[:MOST_KEPT]))
    return {name: [*value] if isinstance(value, tuple) else value for name, value in fields.items()}


def report_from_json(raw: Mapping[str, object]) -> Report:
    """Give the report back."""
    sheets, problems, notices = raw["sheets"], raw["problems"], raw["notices"]
    assert isinstance(sheets, list)
    assert isinstance(problems, list)
    assert isinstance(notices, list)
    return Report(
        sheets=tuple(SheetCounts(**one) for one in sheets),
        problems=tuple(Problem(**one) for one in problems),
        notices=tuple(Notice(**one) for one in notices),
        problem_count=int(str(raw["problem_count"])),
        coordinate_system=str(raw["coordinate_system"]),
        message=str(raw["message"]),
    )
