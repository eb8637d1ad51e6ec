"""An event as people read it: who, what, to what, and each value before and after."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.states import Role
from circle15.web.bureau.audit.words import FIELDS, KINDS, VALUES, VERBS

if TYPE_CHECKING:
    from circle15.audit.models import Event

_NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Change:
    """One value; `before` is None where only a new value was written down, and vice versa."""

    name: str
    before: str | None
    after: str | None

    @property
    def words(self) -> str:
        if self.before is None:
            return f"{self.name}{_('：')}{self.after}"
        return f"{self.name}{_('：')}{self.before} → {self.after or _NOTHING}"


@dataclass(frozen=True, slots=True)
class Line:
    id: int
    at: datetime
    actor: str
    role: str
    verb: str
    verb_code: str
    target: str
    target_id: str
    area_path: str
    clause: str
    request_id: str
    changes: tuple[Change, ...]

    def cells(self) -> tuple[str, ...]:
        """Return the line of an export."""
        local = timezone.localtime(self.at)
        return (
            str(self.id),
            f"{local:%Y-%m-%d %H:%M:%S}",
            self.actor,
            self.role,
            self.verb,
            self.verb_code,
            self.target,
            self.target_id,
            _("；").join(change.words for change in self.changes),
            self.clause,
            self.area_path,
            self.request_id,
        )


def heads() -> tuple[str, ...]:
    """Return the column heads of an export."""
    return (
        _("编号"),
        _("时间"),
        _("操作人"),
        _("岗位"),
        _("操作"),
        _("操作代码"),
        _("对象"),
        _("对象编号"),
        _("内容"),
        _("依据条款"),
        _("范围"),
        _("请求编号"),
    )


def line_of(event: "Event") -> Line:
    """Put an event in words."""
    role = event.actor_role
    return Line(
        id=event.pk,
        at=event.at,
        actor=event.actor_name,
        role=str(Role(role).label) if role in Role.values else _("系统"),
        verb=str(VERBS.get(event.verb, event.verb)),
        verb_code=event.verb,
        target=str(KINDS.get(event.target_kind, event.target_kind)),
        target_id=event.target_id,
        area_path=event.area_path,
        clause=event.clause,
        request_id=event.request_id,
        changes=_changes(event.old, event.new, event.target_kind),
    )


def _changes(old: object, new: object, kind: str) -> tuple[Change, ...]:
    before, after = _mapping(old), _mapping(new)
    return tuple(
        Change(
            name=str(FIELDS.get(name, name)),
            before=_words(before[name], kind) if name in before else None,
            after=_words(after[name], kind) if name in after else None,
        )
        for name in {**before, **after}
    )


def _mapping(values: object) -> Mapping[str, object]:
    return values if isinstance(values, dict) else {}


def _words(value: object, kind: str) -> str:
    """Write a stored value for people; what is nested stays JSON."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if value is None or value in ("", []):
        return _NOTHING
    if isinstance(value, list) and all(isinstance(each, str | int) for each in value):
        return _("、").join(str(each) for each in value)
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return str(VALUES.get(kind, {}).get(str(value), value))
