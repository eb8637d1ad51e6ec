"""The way of a pharmacy from candidate to selected and out again, each decision by two people."""

from collections.abc import Mapping
from types import MappingProxyType

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PharmacyState(TextChoices):
    CANDIDATE = "candidate", _("候选")
    PROPOSED = "proposed", _("拟选定，待审定")
    SELECTED = "selected", _("已选定")
    LEAVING = "leaving", _("拟移出，待审定")
    REMOVED = "removed", _("已移出")


class PharmacyStep(TextChoices):
    REGISTER = "register", _("登记")
    PROPOSE = "propose", _("提请选定")
    SELECT = "select", _("同意选定")
    DECLINE = "decline", _("不同意选定")
    PROPOSE_REMOVAL = "propose_removal", _("提请移出")
    REMOVE = "remove", _("同意移出")
    KEEP = "keep", _("不同意移出")
    RETURN = "return", _("重新列为候选")


_S, _T = PharmacyState, PharmacyStep
TRANSITIONS: Mapping[PharmacyState, Mapping[PharmacyStep, PharmacyState]] = MappingProxyType(
    {
        _S.CANDIDATE: {_T.PROPOSE: _S.PROPOSED},
        _S.PROPOSED: {_T.SELECT: _S.SELECTED, _T.DECLINE: _S.CANDIDATE},
        _S.SELECTED: {_T.PROPOSE_REMOVAL: _S.LEAVING},
        _S.LEAVING: {_T.REMOVE: _S.REMOVED, _T.KEEP: _S.SELECTED},
        # Only after the bar is over.
        _S.REMOVED: {_T.RETURN: _S.CANDIDATE},
    }
)
# Until a second person has agreed it is one.
ACTIVE = (PharmacyState.SELECTED, PharmacyState.LEAVING)
# The second word of a decision, which somebody else says.
SECOND_WORDS = (_T.SELECT, _T.DECLINE, _T.REMOVE, _T.KEEP)


class ListState(TextChoices):
    """A price list between its check and its being kept."""

    CHECKED = "checked", _("已检查，待写入")
    APPLIED = "applied", _("已写入")
    DROPPED = "dropped", _("已放弃")
