"""Bring the tables up to date."""

from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands import migrate
from django.db import connections

from circle15.ops.fresh import make_tables


class Command(migrate.Command):
    """Django's own command, which makes the tables of an empty database in one go first."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take Django's options and one more."""
        super().add_arguments(parser)
        parser.add_argument(
            "--one-by-one",
            action="store_true",
            help="逐个执行全部迁移，空库也不一次建成（用于核对）",
        )

    def handle(self, *args: Any, one_by_one: bool = False, **options: Any) -> None:
        """Make an empty database's tables; then do as Django does."""
        asks_part = options["app_label"] or options["plan"] or options["check_unapplied"]
        if not (one_by_one or asks_part or options["fake"] or options["fake_initial"]):
            made = make_tables(connections[options["database"]])
            if made and options["verbosity"]:
                self.stdout.write(f"空库：一次建成 {made} 个迁移的全部表")
        super().handle(*args, **options)
