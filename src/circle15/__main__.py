"""`python -m circle15`: Django's management commands (the `circle15` command is for people)."""

import os
import sys

from django.core.management import execute_from_command_line
from django.core.management.base import BaseCommand

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "circle15.config.settings")
    # Django's checks load every page, for seconds at each start of each part; `make check` asks
    # for them once.
    BaseCommand.requires_system_checks = []
    execute_from_command_line(["python -m circle15", *sys.argv[1:]])
