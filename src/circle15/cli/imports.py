"""`circle15 import`: bring a workbook or a CSV file in, all or nothing unless told otherwise."""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from circle15.cli.connection import database
from circle15.core.coordinates import CoordinateSystem

if TYPE_CHECKING:
    from circle15.imports.actions import Done
    from circle15.imports.rows import Progress

BAD_INPUT = 2


class KindName(StrEnum):
    """As `imports.states.Kind`, which needs Django."""

    DIVISIONS = "divisions"
    VILLAGES = "villages"
    SITES = "sites"
    EQUIPMENT = "equipment"
    STAFF = "staff"
    TRAININGS = "trainings"
    FACTS = "facts"
    WORKBOOK = "workbook"


def import_file(  # noqa: PLR0913 -- the options of the command
    kind: Annotated[KindName, typer.Argument(help="种类")],
    file: Annotated[
        Path, typer.Argument(help="xlsx、xls、ods或csv文件", exists=True, dir_okay=False)
    ],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只校验，不写入")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
    coordinates: Annotated[
        CoordinateSystem | None, typer.Option("--coordinates", help="经纬度的坐标系")
    ] = None,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="跳过有错的行")] = False,
    errors: Annotated[
        Path | None, typer.Option("--errors", help="把有错的行写成工作簿，改好可再导入")
    ] = None,
) -> None:
    """Exit with 0 when all is well, with 2 and one line per problem when the file is not."""
    with database():
        from django.utils import timezone

        from circle15.accounts.actors import system_actor
        from circle15.accounts.refusals import Refused
        from circle15.imports.actions import bring_in_now
        from circle15.imports.states import Mode

        try:
            done = bring_in_now(
                file.read_bytes(),
                kind=kind.value,
                coordinates=coordinates.value if coordinates else "",
                mode=Mode.SKIP_BAD if skip_bad else Mode.ALL_OR_NOTHING,
                dry_run=dry_run,
                by=system_actor("circle15 import"),
                at=timezone.now(),
                progress=_progress(),
            )
        except Refused as refused:
            typer.echo(str(refused), err=True)
            raise typer.Exit(BAD_INPUT) from None
        if errors and done.errors:
            errors.write_bytes(done.errors)
        _tell(done, dry_run=dry_run, as_json=as_json)
        if done.report.problems and not (skip_bad and done.report.is_usable):
            raise typer.Exit(BAD_INPUT)


def _progress() -> "Progress":
    """Tell a person at a terminal how far it is; a pipe gets no such lines."""
    shown = sys.stderr.isatty()

    def tell(stage: str, done: int, total: int) -> None:
        if shown:
            typer.echo(f"\r{stage} {done}/{total}    ", nl=False, err=True)

    return tell


def _tell(done: "Done", *, dry_run: bool, as_json: bool) -> None:
    for problem in done.report.problems:
        typer.echo(str(problem), err=True)
    if as_json:
        typer.echo(_json(done))
        return
    for notice in done.report.notices:
        typer.echo(f"提示 {notice}")
    for sheet in done.report.sheets:
        typer.echo(
            f"{sheet.title}：新增{sheet.new}，变更{sheet.changed}，"
            f"相同{sheet.same}，有错{sheet.failed}"
        )
    typer.echo(done.report.message or _end(done, dry_run=dry_run))


def _end(done: "Done", *, dry_run: bool) -> str:
    if dry_run:
        return "以上为校验结果，没有写入任何数据。"
    return "导入完成。" if done.written else "文件有错，没有写入任何数据。"


def _json(done: "Done") -> str:
    from circle15.imports.report import report_to_json

    return json.dumps({"written": done.written, **report_to_json(done.report)}, ensure_ascii=False)
