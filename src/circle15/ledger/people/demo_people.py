"""The made-up people as whom a visitor of the demo may sign in: the same three wherever it runs."""

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ELDER = UUID("5f0c1a15-0000-5000-8000-c15c15c15d01")
MOTHER = UUID("5f0c1a15-0000-5000-8000-c15c15c15d02")
CHILD = UUID("5f0c1a15-0000-5000-8000-c15c15c15d03")
EMPLOYEE = UUID("5f0c1a15-0000-5000-8000-c15c15c15d04")

STORIES: Mapping[UUID, str | Promise] = MappingProxyType(
    {
        ELDER: _("八十多岁的老人，居民医保，走动不便"),
        MOTHER: _("带孩子的母亲，可以替孩子办事"),
        EMPLOYEE: _("在单位上班的职工，也是单位的医保经办人"),
    }
)
