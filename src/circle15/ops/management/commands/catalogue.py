"""`python -m circle15 catalogue`: put the built-in catalogue of items in force; again: nothing."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from circle15.accounts.actors import system_actor
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.items.publishing import install_built_in


class Command(BaseCommand):
    help = "发布随系统提供的服务事项目录；重复执行不改变任何内容"

    def handle(self, *_args: Any, **_options: Any) -> None:
        with area_scope(EVERYWHERE):
            added = install_built_in(by=system_actor("system"), at=timezone.now())
        self.stdout.write(f"新发布 {added} 版服务事项目录")
