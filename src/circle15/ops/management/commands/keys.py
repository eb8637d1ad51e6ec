"""`python -m circle15 keys status|rotate`: the key of personal data, and its change."""

from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from circle15.ops import rotating


class Command(BaseCommand):
    help = "个人信息密钥：status 查看，rotate 更换（系统照常运行；中断后再次运行即继续）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=("status", "rotate"))
        parser.add_argument(
            "--grace",
            type=float,
            default=rotating.GRACE_S,
            metavar="SECONDS",
            help="最后一次重新加密后，停用旧密钥前等待的秒数，缺省 60",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["what"] == "status":
            self._status()
            return
        done: Counter[str] = Counter()

        def tell(place: str, count: int) -> None:
            done[place] += count
            self.stdout.write(f"{place} {done[place]}")

        try:
            put_away = rotating.rotate(at=timezone.now(), tell=tell, grace_s=options["grace"])
        except rotating.CannotRotate as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"已更换，共重新加密 {done.total()} 条。")
        for path in put_away:
            self.stdout.write(f"旧密钥移到 {path}，只有旧备份还需要它。")
        if not put_away:
            self.stdout.write("请从 CIRCLE15_DATA_KEY 里删去旧密钥，重新启动。")

    def _status(self) -> None:
        now = rotating.standing()
        newest, *older = now.key_ids
        self.stdout.write(f"正在使用 {newest}" + "".join(f"，仍可解密 {each}" for each in older))
        for label, rows in now.left:
            if rows:
                self.stdout.write(f"{label} 还有 {rows} 行用旧密钥")
