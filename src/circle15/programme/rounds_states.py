"""The way of an application from its draft to its award, as one table."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ApplicationState(TextChoices):
    DRAFT = "draft", _("填报中")
    LATE = "late", _("逾期待受理")
    FILED = "filed", _("已报送县级")
    RETURNED = "returned", _("已退回修改")
    ENDORSED = "endorsed", _("待市级评审")
    WAITING = "waiting", _("候补")
    SELECTED = "selected", _("已入选")
    RECORDED = "recorded", _("已备案，建设中")
    AWARDED = "awarded", _("已授牌")
    REVOKED = "revoked", _("已撤牌")
    DECLINED = "declined", _("未入选")
    REFUSED = "refused", _("逾期不受理")
    WITHDRAWN = "withdrawn", _("已撤回")


class ApplicationStep(TextChoices):
    START = "start", _("开始申报")
    FILE = "file", _("报送")
    ACCEPT_LATE = "accept_late", _("受理逾期申报")
    REFUSE_LATE = "refuse_late", _("不受理逾期申报")
    RETURN = "return", _("退回修改")
    ENDORSE = "endorse", _("签署意见并上报")
    SELECT = "select", _("入选")
    WAIT = "wait", _("列为候补")
    DECLINE = "decline", _("不入选")
    RECORD = "record", _("上报备案")
    PROPOSE = "propose", _("提请授牌")
    AWARD = "award", _("确认授牌")
    PROPOSE_REVOKE = "propose_revoke", _("提请撤牌")
    REVOKE = "revoke", _("确认撤牌")
    KEEP = "keep", _("不同意提请")
    WITHDRAW = "withdraw", _("撤回申报")


class Party(StrEnum):
    """In whose name a step is taken."""

    APPLICANT = "applicant"
    COUNTY = "county"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Move:
    to: ApplicationState
    who: Party


_S, _T = ApplicationState, ApplicationStep
_A, _C, _O = Party.APPLICANT, Party.COUNTY, Party.OWNER
_OUT: Mapping[str, Move] = {_T.WITHDRAW: Move(_S.WITHDRAWN, _A)}
# Filing after the window leads to LATE instead of FILED; a proposal leaves the state as it is.
TRANSITIONS: Mapping[str, Mapping[str, Move]] = MappingProxyType(
    {
        _S.DRAFT: {_T.FILE: Move(_S.FILED, _A), **_OUT},
        _S.LATE: {
            _T.ACCEPT_LATE: Move(_S.FILED, _O),
            _T.REFUSE_LATE: Move(_S.REFUSED, _O),
            **_OUT,
        },
        _S.FILED: {
            _T.ENDORSE: Move(_S.ENDORSED, _C),
            _T.RETURN: Move(_S.RETURNED, _C),
            **_OUT,
        },
        _S.RETURNED: {_T.FILE: Move(_S.FILED, _A), **_OUT},
        _S.ENDORSED: {
            _T.SELECT: Move(_S.SELECTED, _O),
            _T.WAIT: Move(_S.WAITING, _O),
            _T.DECLINE: Move(_S.DECLINED, _O),
            **_OUT,
        },
        _S.WAITING: {
            _T.SELECT: Move(_S.SELECTED, _O),
            _T.DECLINE: Move(_S.DECLINED, _O),
            **_OUT,
        },
        _S.SELECTED: {_T.RECORD: Move(_S.RECORDED, _O)},
        _S.RECORDED: {
            _T.PROPOSE: Move(_S.RECORDED, _O),
            _T.AWARD: Move(_S.AWARDED, _O),
            _T.KEEP: Move(_S.RECORDED, _O),
        },
        _S.AWARDED: {
            _T.PROPOSE_REVOKE: Move(_S.AWARDED, _O),
            _T.REVOKE: Move(_S.REVOKED, _O),
            _T.KEEP: Move(_S.AWARDED, _O),
        },
        _S.REVOKED: {},
        _S.DECLINED: {},
        _S.REFUSED: {},
        _S.WITHDRAWN: {},
    }
)
# While the applicant writes.
OPEN = (_S.DRAFT, _S.RETURNED)
# These take a place of the quota.
PLACED = (_S.SELECTED, _S.RECORDED, _S.AWARDED)
# These take a second word while a proposal is open.
SECOND = (_T.AWARD, _T.REVOKE, _T.KEEP)
