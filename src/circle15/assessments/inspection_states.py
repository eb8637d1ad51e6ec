"""States of an on-site check and of what it finds: one table each says what follows what."""

from collections.abc import Mapping
from types import MappingProxyType

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class InspectionState(TextChoices):
    PLANNED = "planned", _("已派发")
    OUT = "out", _("检查中")
    SUBMITTED = "submitted", _("已提交，待处理分歧")
    MERGED = "merged", _("已汇总")
    CLOSED = "closed", _("已办结")
    CANCELLED = "cancelled", _("已取消")


class InspectionStep(TextChoices):
    PLAN = "plan", _("派发")
    ASSIGN = "assign", _("加派检查员")
    RELEASE = "release", _("撤下检查员")
    TAKE = "take", _("下载检查表")
    HAND_IN = "hand_in", _("提交")
    COMPARE = "compare", _("逐条比对")
    MERGE = "merge", _("汇总")
    CLOSE = "close", _("办结")
    CANCEL = "cancel", _("取消")


_S, _T = InspectionState, InspectionStep
# Cancelled is for what nobody has handed in: what was seen on site is never thrown away.
INSPECTION_TRANSITIONS: Mapping[InspectionState, Mapping[InspectionStep, InspectionState]] = (
    MappingProxyType(
        {
            _S.PLANNED: {
                _T.ASSIGN: _S.PLANNED,
                _T.RELEASE: _S.PLANNED,
                _T.TAKE: _S.OUT,
                _T.HAND_IN: _S.OUT,
                _T.CANCEL: _S.CANCELLED,
            },
            _S.OUT: {
                _T.ASSIGN: _S.OUT,
                _T.RELEASE: _S.OUT,
                _T.HAND_IN: _S.OUT,
                _T.COMPARE: _S.SUBMITTED,
                _T.CANCEL: _S.CANCELLED,
            },
            _S.SUBMITTED: {_T.MERGE: _S.MERGED},
            _S.MERGED: {_T.CLOSE: _S.CLOSED},
            _S.CLOSED: {},
            _S.CANCELLED: {},
        }
    )
)
UNDER_WAY = (InspectionState.PLANNED, InspectionState.OUT)
DONE = (InspectionState.MERGED, InspectionState.CLOSED)


class Verdict(TextChoices):
    YES = "yes", _("符合")
    PARTLY = "partly", _("部分符合")
    NO = "no", _("不符合")
    NOT_APPLICABLE = "not_applicable", _("本次不查")


class LineState(TextChoices):
    AGREED = "agreed", _("一致")
    CONFLICT = "conflict", _("有分歧")
    SETTLED = "settled", _("已裁定")


class FindingKind(TextChoices):
    CONTRADICTION = "contradiction", _("台账与现场不符")
    VETO = "veto", _("疑似一票否决情形")


class FindingState(TextChoices):
    OPEN = "open", _("待核实")
    EXPLAINED = "explained", _("已说明")
    CONFIRMED = "confirmed", _("已确认")


FINDING_TRANSITIONS: Mapping[FindingState, frozenset[FindingState]] = MappingProxyType(
    {
        FindingState.OPEN: frozenset({FindingState.EXPLAINED, FindingState.CONFIRMED}),
        FindingState.EXPLAINED: frozenset(),
        FindingState.CONFIRMED: frozenset(),
    }
)
