"""Do the work that waits for nobody: seal the trail, and what else is due, at intervals."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from circle15.ops.looping import add_loop_option, run

# Each is `def sweep(*, at: datetime) -> int`, returns how much it did, opens its own
# transactions and area scope, and may be cut off at any point. Sealing stays first.
SWEEPS = (
    "circle15.audit.actions.seal",
    "circle15.accounts.once.forget_old",
    "circle15.accounts.rates.forget_old",
    "circle15.accounts.public_codes.send_due",
    "circle15.accounts.public_codes.forget_old",
    "circle15.accounts.public_sessions.forget_old",
    "circle15.assessments.actions.refresh_some",
    "circle15.assessments.monitoring.days.keep_hourly",
    "circle15.assessments.monitoring.watching.watch_daily",
    "circle15.assessments.monitoring.supervising.sweep",
    "circle15.ledger.people.follow_ups.make_daily",
    "circle15.cases.erasing.erase_daily",
    "circle15.imports.actions.forget_old_files",
    "circle15.imports.waiting.work_off",
    "circle15.hall.actions.closing.end_day",
    "circle15.cases.actions.sweep.sweep",
    "circle15.cases.reading.asking.forget_old",
    "circle15.cases.measuring.days.record_daily",
    "circle15.hall.actions.days.record_days",
    "circle15.hall.appointments.changing.free_lapsed",
    "circle15.hall.appointments.changing.mark_missed",
    "circle15.hall.appointments.slots.make_ahead",
    "circle15.hall.appointments.notices.send_due",
    "circle15.cases.texting.sending.send_due",
    "circle15.ratings.texting.sending.send_due",
    "circle15.ratings.orders.sweeping.mark_overdue",
    "circle15.ratings.measuring.days.record_daily",
    "circle15.ratings.measuring.assuming.assume_daily",
    "circle15.programme.funds.documents.record_daily",
    "circle15.assessments.reports.lateness.record_daily",
    "circle15.assessments.appraisals.days.record_daily",
    "circle15.programme.training.showing.record_daily",
    "circle15.programme.activities.showing.record_daily",
    "circle15.programme.pharmacies.showing.record_daily",
    "circle15.programme.partners.users.end_lapsed_daily",
)

EVERY_S = 15.0


class Command(BaseCommand):
    help = "做一遍到期的后台工作（封存审计链等）；--loop 每隔若干秒重复，直到收到停止信号"

    def add_arguments(self, parser: CommandParser) -> None:
        add_loop_option(parser, EVERY_S)

    def handle(self, *_args: object, **options: Any) -> None:
        run(SWEEPS, every_s=options["loop"])
