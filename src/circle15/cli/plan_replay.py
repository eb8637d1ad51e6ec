"""`circle15 plan replay`: run a recorded study again, and say what differs."""

import inspect
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

import typer

from circle15.cli.planning_input import refusing
from circle15.cli.planning_study import Study

DIFFERENT = 1
MOST_FIELDS = 50


def replay_of(studies: Mapping[str, Study]) -> Callable[..., None]:
    """Give the command for these studies."""

    def replay(
        record: Annotated[Path, typer.Argument(metavar="记录", help="--record 写下的 JSON")],
    ) -> None:
        """Run it again on the same files: the same to the byte, or exit code 1 and what differs."""
        with refusing():
            lines = _differences(record, studies)
        for line in lines:
            typer.echo(line)
        if lines:
            raise typer.Exit(DIFFERENT)
        typer.echo("结果相同，逐字节一致")

    return replay


def _differences(path: Path, studies: Mapping[str, Study]) -> list[str]:
    from circle15.planning.problems import PlanningRefused
    from circle15.planning.studies.record import (
        canonical,
        compared,
        differences,
        read_record,
        versions,
    )
    from circle15.standards.text import Text

    record = read_record(path)
    if record.command not in studies:
        zh = f"{path}：不能重算 {record.command}"
        raise PlanningRefused([Text(zh, f"{path}: {record.command} can't be replayed")])
    study, asked = studies[record.command], record.asked()
    try:
        inspect.signature(study.compute).bind(**asked)
    except TypeError as error:
        raise PlanningRefused([Text(f"{path}：参数不对（{error}）", f"{path}: {error}")]) from None
    changed = record.changed()
    again = json.loads(canonical(compared(study.compute(**asked))))
    lines = [f"输入已变：{each}" for each in changed]
    found = list(differences(record.result, again))
    lines += [f"结果不同：{name}：{was} → {now}" for name, was, now in found[:MOST_FIELDS]]
    if len(found) > MOST_FIELDS:
        lines.append(f"另有 {len(found) - MOST_FIELDS} 处不同")
    if not found and canonical(record.result) != canonical(again):
        lines.append("结果不同：字段的次序")
    told = versions()
    for name, was in record.versions.items():
        if told.get(name) != was:
            typer.echo(f"版本不同：{name} {was} → {told.get(name, '—')}", err=True)
    return lines
