"""`circle15 standards | facts | score | gap`: the rule books without a database."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import typer

from circle15.cli.facts_file import BadFactsFile, FactsFile, read_facts_file, write_facts_file
from circle15.cli.tables import show_editions, show_gap, show_sheet
from circle15.scoring import gap as gap_report
from circle15.scoring import score as score_sheet
from circle15.scoring import sheet_to_json, sheet_to_short_json
from circle15.scoring.samples import empty_facts, full_facts
from circle15.standards import Edition, UnknownEdition, UnknownSwitch, edition, editions
from circle15.standards.handbook import handbook
from circle15.standards.model import UnknownProfile
from circle15.standards.text import number_text

BAD_INPUT = 2
CHINA = timezone(timedelta(hours=8))

EditionId = Annotated[str, typer.Argument(metavar="规则", help="规则版本，见 circle15 standards")]
FactsPath = Annotated[Path, typer.Argument(metavar="事实文件", help="YAML 文件，见 circle15 facts")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON")]
ProfileId = Annotated[str | None, typer.Option("--profile", help="类别，如 demonstration、station")]
Switches = Annotated[
    list[str] | None, typer.Option("--switch", metavar="名称=取值", help="改用另一种口径")
]
PassMark = Annotated[str | None, typer.Option("--pass-mark", help="合格线；不给则不判定")]


def standards(
    *,
    as_json: AsJson = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="输出全部条款（Markdown）")] = False,
) -> None:
    """List the rule books."""
    if markdown:
        typer.echo(handbook(editions()), nl=False)
    elif as_json:
        typer.echo(_json([_summary(each) for each in editions()]))
    else:
        show_editions(editions())


def facts(
    edition_id: EditionId,
    *,
    full: Annotated[bool, typer.Option("--full", help="满分值（缺省）")] = False,
    empty: Annotated[bool, typer.Option("--empty", help="一无所有")] = False,
    profile: ProfileId = None,
) -> None:
    """Print a facts file."""
    with refusing() as problems:
        if full and empty:
            problems.append("--full 与 --empty 只能用一个")
        book = edition(edition_id)
        _known_profile(book, profile, problems)
    values = empty_facts(book, profile) if empty else full_facts(book, profile)
    today = datetime.now(UTC).astimezone(CHINA).date()
    typer.echo(write_facts_file(today, values, profile), nl=False)


def score(  # noqa: PLR0913 -- one parameter for each option
    edition_id: EditionId,
    facts_path: FactsPath,
    *,
    as_json: AsJson = False,
    detail: Annotated[
        bool, typer.Option("--detail", help="JSON 加上英文理由、状态和补分办法等")
    ] = False,
    profile: ProfileId = None,
    switch: Switches = None,
    pass_mark: PassMark = None,
) -> None:
    """Score a facts file."""
    with refusing() as problems:
        book = edition(edition_id)
        choices = _choices(book, switch or [], problems)
        mark = _mark(pass_mark, problems)
        known = _read(facts_path, book, profile, problems)
    sheet = score_sheet(
        book,
        known.facts,
        vetoes=known.vetoes,
        profile=known.profile,
        switches=choices,
        pass_mark=mark,
    )
    if as_json or detail:
        typer.echo(_json(sheet_to_json(sheet) if detail else sheet_to_short_json(sheet)))
    else:
        show_sheet(book, sheet)


def gap(
    edition_id: EditionId,
    facts_path: FactsPath,
    *,
    profile: ProfileId = None,
    switch: Switches = None,
) -> None:
    """Show what is missing."""
    with refusing() as problems:
        book = edition(edition_id)
        choices = _choices(book, switch or [], problems)
        known = _read(facts_path, book, profile, problems)
    report = gap_report(
        book, known.facts, vetoes=known.vetoes, profile=known.profile, switches=choices
    )
    show_gap(book, report)


# --- bad input: exit 2, every problem on a line of its own


@contextmanager
def refusing() -> Iterator[list[str]]:
    """Collect problems; at the end print them, one a line, and exit 2 if there are any."""
    problems: list[str] = []
    try:
        yield problems
    except UnknownEdition as error:  # without an edition nothing else can be checked
        problems.append(str(error))
    if problems:
        for problem in problems:
            typer.echo(problem, err=True)
        raise typer.Exit(BAD_INPUT)


def _known_profile(book: Edition, profile: str | None, problems: list[str]) -> None:
    try:
        book.profile(profile)
    except UnknownProfile as error:
        problems.append(str(error))


def _choices(book: Edition, given: list[str], problems: list[str]) -> dict[str, str]:
    choices = {}
    for each in given:
        name, _, choice = each.partition("=")
        try:
            book.under({name: choice})
        except UnknownSwitch as error:
            problems.append(f"{error}；{_switch_help(book)}")
        else:
            choices[name] = choice
    return choices


def _switch_help(book: Edition) -> str:
    options = [f"{s.id}={'|'.join(o.id for o in s.options)}" for s in book.switches]
    return f"可用：{'，'.join(options)}" if options else "本规则没有口径开关"


def _mark(text: str | None, problems: list[str]) -> Decimal | None:
    if text is None:
        return None
    try:
        mark = Decimal(text)
    except InvalidOperation:
        mark = Decimal("NaN")
    if mark.is_finite() and mark >= 0:
        return mark
    problems.append(f"--pass-mark：应为不小于 0 的数，得到 {text}")
    return None


def _read(path: Path, book: Edition, profile: str | None, problems: list[str]) -> FactsFile:
    try:
        return read_facts_file(path, book, profile)
    except BadFactsFile as error:
        problems.extend(error.problems)
        return FactsFile(None, None, {}, ())


# --- the list of books


def _summary(book: Edition) -> dict[str, object]:
    return {
        "id": book.id,
        "version": book.version,
        "title": book.title.zh,
        "title_en": book.title.en,
        "issuer": book.issuer.zh,
        "jurisdiction": book.jurisdiction.zh,
        "document": book.document.name,
        "document_number": book.document.number,
        "unit": book.unit,
        "pass_mark": None if book.pass_mark is None else number_text(book.pass_mark),
        "hash": book.hash,
        "profiles": [_profile_summary(book, each.id) for each in book.profiles],
        "sections": len(book.sections),
        "indicators": len(tuple(book.indicators)),
        "clauses": len(tuple(book.clauses)),
        "rules": len(tuple(book.rules)),
        "vetoes": [veto.id for veto in book.vetoes],
        "switches": {s.id: [option.id for option in s.options] for s in book.switches},
    }


def _profile_summary(book: Edition, profile_id: str) -> dict[str, object]:
    profile = book.profile(profile_id)
    points = sum((clause.points for clause in book.clauses_for(profile_id)), start=Decimal(0))
    return {
        "id": profile.id,
        "title": profile.title.zh,
        "site_kinds": list(profile.site_kinds),
        "max": number_text(points),
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
