"""`python -m circle15 core_platform [--loop]`: send what waits for platform, partners, 12345."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from circle15.ops.looping import add_loop_option, run

EVERY_S = 1.0
WORK = (
    "circle15.cases.core_platform.worker.drain",
    "circle15.cases.core_platform.worker.reconcile",
    "circle15.cases.partners.sending.send_due",
    "circle15.ratings.hotline.worker.drain",
)


class Command(BaseCommand):
    help = (
        "把已决定的备案报给核心平台、每日对账，通知合作单位，与 12345 往来工单；"
        "--loop 每隔一秒重复，断线时自动重试"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_loop_option(parser, EVERY_S)

    def handle(self, *_args: object, **options: Any) -> None:
        run(WORK, every_s=options["loop"])
