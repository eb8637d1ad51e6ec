"""`circle15 keys`: the management command, for people."""

from typing import Annotated

import typer

from circle15.cli.connection import CANNOT, database

app = typer.Typer(help="个人信息密钥：查看、更换", no_args_is_help=True)


@app.command(help="正在使用的密钥，旧密钥还剩多少")
def status() -> None:
    _call("status")


@app.command(help="更换密钥：系统照常运行，逐批重新加密，最后停用旧密钥；中断后再次运行即继续")
def rotate(
    *, grace: Annotated[float, typer.Option(help="停用旧密钥前等待的秒数", min=0)] = 60.0
) -> None:
    _call("rotate", f"--grace={grace}")


def _call(*words: str) -> None:
    with database():
        from django.core.management import CommandError, call_command

        try:
            call_command("keys", *words)
        except CommandError as refusal:
            typer.echo(str(refusal), err=True)
            raise typer.Exit(CANNOT) from None
