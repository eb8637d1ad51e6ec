"""Take a road network file into use for a division and all in it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from circle15.accounts.actors import system_actor
from circle15.accounts.refusals import Refused
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.planning.network.store import load
from circle15.planning.problems import PlanningRefused
from circle15.plans.actions import install_network

SYSTEM = system_actor("命令行")


class Command(BaseCommand):
    help = "启用一个路网文件（由 circle15 plan network 生成）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="路网文件")
        parser.add_argument("--division", required=True, help="区划代码，12 位")
        parser.add_argument("--name", required=True, help="名称，如 启东市道路 2026-11")
        parser.add_argument("--synthetic", action="store_true", help="道路是合成的，不是真实道路")

    def handle(self, *_args: object, **options: Any) -> None:
        try:
            network = load(options["file"])
            with area_scope(EVERYWHERE):
                installed = install_network(
                    network=network,
                    name=options["name"],
                    division_code=options["division"],
                    is_synthetic=options["synthetic"],
                    by=SYSTEM,
                    at=timezone.now(),
                )
        except PlanningRefused as refused:
            raise CommandError("\n".join(each.zh for each in refused.problems)) from None
        except Refused as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"已启用：{installed.name}，{installed.node_count} 个节点")
