"""`python -m circle15 demo`: fill in the demo city and its accounts; again changes nothing."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.ops.demo import (
    active,
    appointments,
    appraised,
    around,
    assessed,
    built,
    cases,
    catalogue,
    firms,
    funded,
    halls,
    inspected,
    joined,
    logins,
    monitored,
    partners,
    pharmacies,
    plans,
    rated,
    reported,
    rounds,
    served,
    staffed,
    targets,
    trained,
    writing,
)
from circle15.ops.demo.dataset import EARLIEST


class Command(BaseCommand):
    help = "写入演示城市（启东市，合成数据）和演示账号；重复执行不改变任何内容"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--today", type=date.fromisoformat, help="台账写到哪一天为止，缺省为今天"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("演示数据只写入演示系统：请先设置环境变量 CIRCLE15_DEMO=1。")
        at = timezone.now()
        today = options["today"] or timezone.localdate(at)
        if not EARLIEST <= today <= timezone.localdate(at):
            raise CommandError(f"--today 应在 {EARLIEST} 至今天之间。")
        with transaction.atomic():
            filled = writing.fill(today=today, at=at)
            writing.ensure_roads(at=at)
            with area_scope(EVERYWHERE):
                catalogue.ensure(by=writing.SYSTEM, at=at)
                plans.ensure(by=writing.SYSTEM, at=at)
                served.ensure(by=writing.SYSTEM, at=at, today=today)
                halls.ensure(by=writing.SYSTEM, at=at, today=today)
                appointments.ensure(by=writing.SYSTEM, at=at)
            accounts = logins.told(logins.ensure(at=at))
            cases.ensure(by=writing.SYSTEM, at=at, today=today)
            firms.ensure(by=writing.SYSTEM, at=at, today=today)
            joined.ensure(by=writing.SYSTEM, at=at, today=today)
            with area_scope(EVERYWHERE):
                around.ensure(by=writing.SYSTEM, at=at, today=today)
                rated.ensure(by=writing.SYSTEM, at=at, today=today)
                appraised.ensure(at=at, today=today)
                inspected.ensure(at=at, today=today)
                assessed.ensure(at=at, today=today)
                monitored.ensure(at=at, today=today)
                reported.ensure(at=at, today=today)
                trained.ensure(at=at)
                active.ensure(at=at)
                staffed.ensure(at=at, today=today)
                built.ensure(at=at, today=today)
                targets.ensure(at=at, today=today)
                pharmacies.ensure(at=at, today=today)
                partners.ensure(at=at, today=today)
                rounds.ensure(at=at, today=today)
                funded.ensure(at=at, today=today)
        # Shown again by `make run` when it starts.
        (settings.VAR_DIR / "demo_accounts.txt").write_text(f"{accounts}\n", encoding="utf-8")
        self.stdout.write("演示城市已写入" if filled else "演示城市已在，未作改动")
        self.stdout.write(accounts)
