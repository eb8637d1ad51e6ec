"""Read the photos that wait; needs what `make reading` installs."""

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from circle15.ops.looping import add_loop_option, run

WORK = ("circle15.ops.reading.rounds.work_off",)

EVERY_S = 0.5
NICE = 5


class Command(BaseCommand):
    help = "读取等着的照片（身份证、银行卡、票据）；--loop 每隔若干秒重复，直到收到停止信号"

    def add_arguments(self, parser: CommandParser) -> None:
        add_loop_option(parser, EVERY_S)

    def handle(self, *_args: object, **options: Any) -> None:
        if not settings.READING:
            raise CommandError("这里没有装照片读取：先运行 make reading")
        if options["loop"] is not None:
            os.nice(NICE)  # pages come first
        run(WORK, every_s=options["loop"])
