"""`circle15 audit`: check the audit trail and seal what was written."""

import json
import os
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from circle15.audit.queries import Finding, Verification

INTACT, TAMPERED, CANNOT_CHECK = 0, 1, 2

app = typer.Typer(help="审计链：封存与核验", no_args_is_help=True)


@app.command(
    help="核验审计链，逐条指出改动、删除、对调、伪造、截尾的位置。"
    "退出码：0 完好，1 有篡改，2 无法核验。"
)
def verify(*, as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False) -> None:
    _connect()
    from django.db import Error

    from circle15.audit.queries import verify as check

    try:
        seen = check()
    except (Error, OSError) as failure:
        typer.echo(f"无法核验：{_one_line(failure)}", err=True)
        raise typer.Exit(CANNOT_CHECK) from None
    typer.echo(_json(seen) if as_json else _lines(seen))
    raise typer.Exit(INTACT if seen.is_intact else TAMPERED)


@app.command(help="把尚未封存的事件接入审计链")
def seal() -> None:
    _connect()
    from django.db import Error
    from django.utils import timezone

    from circle15.audit.actions import seal as seal_events

    try:
        count = seal_events(at=timezone.now())
    except (Error, OSError) as failure:
        typer.echo(f"无法封存：{_one_line(failure)}", err=True)
        raise typer.Exit(CANNOT_CHECK) from None
    typer.echo(f"已封存 {count} 条事件")


def _connect() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "circle15.config.settings")
    try:
        django.setup()
    except ValueError as bad_setting:
        typer.echo(f"配置有误：{_one_line(bad_setting)}", err=True)
        raise typer.Exit(CANNOT_CHECK) from None


def _one_line(failure: Exception) -> str:
    return (str(failure).splitlines() or [type(failure).__name__])[0]


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
