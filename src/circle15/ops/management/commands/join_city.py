"""`python -m circle15 join_city URL --code CODE`: make this instance a hall's own."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from circle15.ops.relaying import CannotJoin, join_city


class Command(BaseCommand):
    help = "让本机成为一个大厅的本地系统：用一次性登记码连到市级系统，取回网点资料"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("city_url", metavar="URL", help="市级系统地址，如 https://ybj.example")
        parser.add_argument("--code", required=True, help="“设备”页面生成的一次性登记码")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            name = join_city(city_url=options["city_url"], code=options["code"], at=timezone.now())
        except CannotJoin as problem:
            raise CommandError(f"没有连上市级系统：{problem}") from problem
        self.stdout.write(f"本机现在是“{name}”的本地系统，重新启动后开始上报。")
