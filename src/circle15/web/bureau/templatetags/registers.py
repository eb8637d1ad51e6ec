"""Words of the registers in templates."""

from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from circle15.ledger.people.states import FollowUpState, Insurance, NeedState
from circle15.standards.registers import registers
from circle15.web.shared.item_words import said
from circle15.web.shared.templatetags.c15 import status

register = template.Library()
_INSURANCE_TONES = {
    Insurance.UNKNOWN: "idle",
    Insurance.NONE: "warn",
    Insurance.EMPLOYEE: "good",
    Insurance.RESIDENT: "good",
    Insurance.ELSEWHERE: "info",
}
_FOLLOW_UP_TONES = {
    FollowUpState.OPEN: "warn",
    FollowUpState.PLANNED: "info",
    FollowUpState.DONE: "good",
}
_NEED_TONES = {NeedState.OPEN: "warn", NeedState.MET: "good"}


@register.filter
def register_names(keys: Iterable[str]) -> str:
    """Name registers, as a list is read."""
    return _("、").join(said(registers()[key].name) for key in keys if key in registers())


@register.simple_tag
def insurance_tag(value: str) -> SafeString:
    """Tag how somebody is insured."""
    known = Insurance(value)
    return status(_INSURANCE_TONES[known], known.label)


@register.simple_tag
def follow_up_tag(value: str) -> SafeString:
    """Tag where a follow-up stands."""
    known = FollowUpState(value)
    return status(_FOLLOW_UP_TONES.get(known, "idle"), known.label)


@register.simple_tag
def need_tag(value: str) -> SafeString:
    """Tag where a need stands."""
    known = NeedState(value)
    return status(_NEED_TONES.get(known, "idle"), known.label)
