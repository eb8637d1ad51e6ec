"""Levels of divisions and their order."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Level(TextChoices):
    CITY = "city", _("市")
    COUNTY = "county", _("县（市、区）")
    TOWN = "town", _("乡镇（街道）")
    VILLAGE = "village", _("村（社区）")


# A division hangs directly under one of the next level up.
PARENT_LEVEL = {Level.COUNTY: Level.CITY, Level.TOWN: Level.COUNTY, Level.VILLAGE: Level.TOWN}
