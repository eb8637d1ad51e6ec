"""What becomes of a word to the house of 12345."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CityState(TextChoices):
    WAITING = "waiting", _("待送")
    DONE = "done", _("已送达")
    # It said itself, signed, that it does not take this one.
    REFUSED = "refused", _("被退回")
