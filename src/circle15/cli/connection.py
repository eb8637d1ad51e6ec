"""Django and its database for the commands that need them, and plain words when they are away."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import typer

CANNOT = 2


@contextmanager
def database() -> Iterator[None]:
    """Set Django up; a bad setting or a database that does not answer ends in one line, exit 2."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "circle15.config.settings")
    try:
        django.setup()
    except ValueError as bad_setting:
        typer.echo(f"配置有误：{one_line(bad_setting)}", err=True)
        raise typer.Exit(CANNOT) from None
    from django.db import InterfaceError, OperationalError

    try:
        yield
    except (OperationalError, InterfaceError) as failure:
        typer.echo(f"连不上数据库：{one_line(failure)}", err=True)
        typer.echo("请先用 make run 启动系统，或用 CIRCLE15_DATABASE_URL 指明数据库。", err=True)
        raise typer.Exit(CANNOT) from None


def one_line(failure: Exception) -> str:
    """Return the first line of what a failure says."""
    return (str(failure).splitlines() or [type(failure).__name__])[0]
