"""`circle15 demo`: the management command, for people."""

import os
from typing import Annotated

import typer

from circle15.cli.connection import CANNOT, database


def demo(
    *,
    today: Annotated[
        str | None, typer.Option(help="台账写到哪一天为止（年-月-日），缺省为今天")
    ] = None,
) -> None:
    """Fill in the demo city; its help in Chinese stands where the command is registered."""
    # The embedded server is a trial on one's own machine; another database must ask for the demo.
    if not os.environ.get("CIRCLE15_DATABASE_URL"):
        os.environ.setdefault("CIRCLE15_DEMO", "1")
    words = [f"--today={today}"] if today else []
    with database():
        from django.core.management import CommandError, call_command

        try:
            call_command("demo", *words)
        except CommandError as refusal:
            typer.echo(str(refusal), err=True)
            raise typer.Exit(CANNOT) from None
