"""`python -m circle15 assessments --prove`: score every kept sheet again, check every result."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from circle15.accounts.actors import system_actor
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.campaigns.proving import prove


class Command(BaseCommand):
    help = "复算全部存档评分，核对全部公布的结果；有一份不一致就失败"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--prove", action="store_true", required=True, help="复算并核对")

    def handle(self, *_args: Any, **_options: Any) -> None:
        with area_scope(EVERYWHERE):
            found = prove(system_actor("system"))
        same, whole = found.sheets - len(found.wrong_sheets), found.results
        self.stdout.write(f"存档评分：{found.sheets} 份中 {same} 份复算结果相同")
        self.stdout.write(
            f"公布的结果：{whole} 个中 {whole - len(found.wrong_results)} 个与校验码和审计记录一致"
        )
        if not found.is_whole:
            wrong = [*map(str, found.wrong_sheets), *found.wrong_results]
            raise CommandError(f"不一致：{'、'.join(wrong)}")
