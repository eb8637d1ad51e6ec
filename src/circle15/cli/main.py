"""The `circle15` command. Commands that need the database import Django only when they run."""

import sys
from typing import TextIO

import typer

from circle15.cli import audit, keys, rule_books
from circle15.cli.demo import demo
from circle15.cli.frame import speak_chinese
from circle15.cli.imports import import_file
from circle15.cli.kiosk_printer import kiosk_printer
from circle15.cli.plan import plan

app = typer.Typer(
    help="15分钟医保服务圈：规则、评分、导入、规划、审计",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("standards", help="列出规则版本")(rule_books.standards)
app.command("facts", help="输出一份事实文件：满分值（缺省）或空值")(rule_books.facts)
app.command("score", help="按规则给一份事实文件评分，逐条说明理由")(rule_books.score)
app.command("gap", help="列出距满分还差什么，由易到难，每步得几分")(rule_books.gap)
app.command("import", help="导入区划、村、网点、设备、人员、培训、事实")(import_file)
app.command("demo", help="写入演示城市")(demo)
app.command("kiosk-printer", help="取号机打印程序：从取号页面接收号票，送到打印机")(kiosk_printer)
app.add_typer(audit.app, name="audit")
app.add_typer(keys.app, name="keys")
app.add_typer(plan, name="plan")


def main() -> None:
    """Run the command; output is UTF-8 whatever the machine's locale."""
    for stream in (sys.stdout, sys.stderr):
        _speak_utf8(stream)
    speak_chinese()
    app()


def _speak_utf8(stream: TextIO) -> None:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8")
