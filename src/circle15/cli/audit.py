"""`circle15 audit`: check the audit trail and seal what was written."""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from circle15.cli.connection import database, one_line

if TYPE_CHECKING:
    from circle15.audit.queries import Finding, Verification

Outcome = TypeVar("Outcome")
INTACT, TAMPERED, CANNOT_CHECK = 0, 1, 2

app = typer.Typer(help="审计链：封存与核验", no_args_is_help=True)


@app.command(
    help="核验审计链，逐条指出改动、删除、对调、伪造、截尾的位置。"
    "退出码：0 完好，1 有篡改，2 无法核验。"
)
def verify(*, as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False) -> None:
    with database():
        from circle15.audit.queries import verify as check

        seen = _tried(check, "无法核验")
    typer.echo(_json(seen) if as_json else _lines(seen))
    raise typer.Exit(INTACT if seen.is_intact else TAMPERED)


@app.command(help="把尚未封存的事件接入审计链")
def seal() -> None:
    with database():
        from django.utils import timezone

        from circle15.audit.actions import seal as seal_events

        count = _tried(lambda: seal_events(at=timezone.now()), "无法封存")
    typer.echo(f"已封存 {count} 条事件")


def _tried(work: Callable[[], Outcome], refusal: str) -> Outcome:
    """Do the work; a file or a table that cannot be read ends in one line, exit 2."""
    from django.db import Error, InterfaceError, OperationalError

    try:
        return work()
    except (OperationalError, InterfaceError):
        raise
    except (Error, OSError) as failure:
        typer.echo(f"{refusal}：{one_line(failure)}", err=True)
        raise typer.Exit(CANNOT_CHECK) from None


def _lines(seen: "Verification") -> str:
    state = "审计链完好" if seen.is_intact else "审计链被篡改"
    total = f"{state}：链环 {seen.links}，封存 {seen.heads} 批，待封存事件 {seen.unsealed}"
    more = [f"另有 {seen.more_findings} 处未列出"] if seen.more_findings else []
    return "\n".join([*map(_line, seen.findings), *more, total])


def _line(finding: "Finding") -> str:
    span = (
        f"{finding.first}" if finding.first == finding.last else f"{finding.first}—{finding.last}"
    )
    event = f"，事件 {finding.event_id}" if finding.event_id is not None else ""
    return f"{finding.kind.label}：第 {span} 环{event}"


def _json(seen: "Verification") -> str:
    return json.dumps({"intact": seen.is_intact, **asdict(seen)}, ensure_ascii=False)
