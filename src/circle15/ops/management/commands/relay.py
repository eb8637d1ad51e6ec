"""`python -m circle15 relay [--loop]`: tell the city what happened in this hall."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from circle15.ops.looping import add_loop_option, run

EVERY_S = 1.0
ROUND = ("circle15.ops.relaying.send_all", "circle15.ops.relaying.fetch_booked")


class Command(BaseCommand):
    help = "把本大厅的叫号记录报给市级系统，取回预约；--loop 每隔一秒重复，断线时自动重试"

    def add_arguments(self, parser: CommandParser) -> None:
        add_loop_option(parser, EVERY_S)

    def handle(self, *_args: object, **options: Any) -> None:
        run(ROUND, every_s=options["loop"])
