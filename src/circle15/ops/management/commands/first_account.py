"""`python -m circle15 first_account USERNAME --name NAME`: open the first security admin."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from circle15.accounts.first_account import CannotBegin, open_first_account
from circle15.accounts.refusals import Refused


class Command(BaseCommand):
    help = "新装的系统还没有账号：开通第一个安全管理员，其他账号由其在“账号”里开通"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", metavar="USERNAME", help="用户名，如 anquan1")
        parser.add_argument("--name", required=True, help="姓名")
        parser.add_argument("--unit", default="", help="所在单位，缺省为本级医疗保障局")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            first = open_first_account(
                username=options["username"],
                name=options["name"],
                unit=options["unit"],
                at=timezone.now(),
            )
        except (CannotBegin, Refused) as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(
            f"已开通安全管理员 {first.username}（{first.unit}，管辖 {first.area_name}）\n"
            f"初始密码（只显示这一次，首次登录必须更改）：{first.password}"
        )
