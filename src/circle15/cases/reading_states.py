"""States of a photo that is being read, and how long things may take."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReadingState(models.TextChoices):
    WAITING = "waiting", _("等待读取")
    WORKING = "working", _("正在读取")
    DONE = "done", _("已读取")
    FAILED = "failed", _("读不出")


# Picture and answer are kept no longer, used or not.
KEPT = timedelta(hours=1)
# After this the page no longer promises an answer: the worker is not there.
PATIENCE = timedelta(seconds=60)
MOST_ATTEMPTS = 2
# Of one person or clerk at the same time.
MOST_AT_ONCE = 20
