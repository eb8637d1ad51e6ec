"""`circle15 demo`: the management command, for people."""

import os
from typing import Annotated

import typer


def demo(
    *,
    today: Annotated[
        str | None, typer.Option(help="台账写到哪一天为止（年-月-日），缺省为今天")
    ] = None,
) -> None:
    """Fill in the demo city; its help in Chinese stands where the command is registered."""
    import django
    from django.core.management import CommandError, call_command

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "circle15.config.settings")
    django.setup()
    words = [f"--today={today}"] if today else []
    try:
        call_command("demo", *words)
    except CommandError as refusal:
        typer.echo(str(refusal), err=True)
        raise typer.Exit(2) from None
