"""Compute the plans that wait: long work, apart from the sweep that must never wait."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from circle15.ops.looping import add_loop_option, run

# Each is `def work_off(*, at: datetime) -> int`; may be cut off at any point.
WORK = ("circle15.plans.waiting.work_off",)
ALL_DAY = (*WORK, "circle15.ops.warming.warm_once")

EVERY_S = 1.0
NICE = 10


class Command(BaseCommand):
    help = "计算排队中的规划；--loop 每隔若干秒重复，直到收到停止信号"

    def add_arguments(self, parser: CommandParser) -> None:
        add_loop_option(parser, EVERY_S)

    def handle(self, *_args: object, **options: Any) -> None:
        every_s = options["loop"]
        if every_s is not None:
            os.nice(NICE)  # pages come first
        run(WORK if every_s is None else ALL_DAY, every_s=every_s)
