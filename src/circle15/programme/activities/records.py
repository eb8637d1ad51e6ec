"""Records of the registers: written with what their kind asks, struck out with a reason."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import Permission
from circle15.accounts.steps import name_of, said, tell
from circle15.areas import scope
from circle15.ledger.actions import keep_evidence
from circle15.ledger.files import CheckedFile
from circle15.programme.activities_models import WORDS_LENGTH, Activity
from circle15.sites.models import Site
from circle15.standards import activities as data
from circle15.standards.activities import ActivityField, ActivityKind, activity_rules
from circle15.standards.services import OTHER, topics

MOST_NUMBER = Decimal(1_000_000)
MOST_FILES = 6
_SHORT = 120


class UnusableRecord(Refused):
    """A record lacks something; `problems` name field and words, all at once."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__(_("有几项没有填对，请改好再交。"))
        self.problems = tuple(problems)


class AlreadyStruck(Refused):
    def __init__(self) -> None:
        super().__init__(_("这条记录已经作废，请刷新页面。"))


class NotYourRecord(Refused):
    def __init__(self) -> None:
        super().__init__(_("别人的记录由网点负责人作废。"))


@dataclass(frozen=True, slots=True)
class NewRecord:
    """What somebody records of a site in a register."""

    kind: str
    site_code: str
    done_on: date
    given: Mapping[str, object]
    files: tuple[CheckedFile, ...] = ()


# Clauses: J-70, J-71, W-56, W-57, W-71, W-37, Q-53, Q-60, N-08, N-09, J-61, J-90
# Clauses: J-123, N-29, J-53, J-32, Q-19
@transaction.atomic
def record_activity(
    *, new: NewRecord, by: Actor, at: datetime, is_synthetic: bool = False
) -> Activity:
    """Write a record of a register for a site of the actor's area.

    Raises NotAllowed, NotFound, UnusableRecord with everything that is wrong.
    """
    demand(by, Permission.RECORD_ACTIVITIES)
    kind = activity_rules().kinds.get(new.kind)
    if kind is None:
        raise NotFound
    site = scope.within(Site.objects.all(), by.area_path).filter(code=new.site_code).first()
    if site is None:
        raise NotFound
    given = {one.key: _clean(one, new.given.get(one.key)) for one in kind.fields}
    if problems := list(_problems(kind, new, given, at)):
        raise UnusableRecord(problems)
    row = Activity.objects.create(
        site=site,
        area_path=site.area_path,
        kind=kind.key,
        done_on=new.done_on,
        given={key: each for key, each in given.items() if each not in ("", [], None)},
        recorded_at=at,
        recorded_by=name_of(by),
        recorded_by_id=by.user_id,
        is_synthetic=is_synthetic or site.is_synthetic,
    )
    row.evidence.set(_kept(site, new.files, by, at))
    tell("activity.record", row.pk, row.area_path, by=by, at=at, kind=kind.key, site=site.code)
    return row


def _kept(site: Site, files: Sequence[CheckedFile], by: Actor, at: datetime) -> list[int]:
    clerk = replace(by, permissions=by.permissions | {Permission.RECORD_FACTS})
    return [keep_evidence(code=site.code, checked=one, by=clerk, at=at).pk for one in files]


def _clean(field: ActivityField, value: object) -> object:
    """Return an answer as it is kept; what fits nothing becomes empty."""
    if field.type in {data.MANY, data.TOPICS}:
        chosen = [str(each) for each in value] if isinstance(value, list | tuple) else []
        known = field.options if field.type == data.MANY else topics()
        return [key for key in known if key in chosen]
    text = said(str(value if value is not None else ""), needed=False)
    if field.type == data.CHOICE:
        return text if text in field.options else ""
    if field.type == data.NUMBER:
        return _number(text)
    return text[: WORDS_LENGTH if field.type == data.LONG else _SHORT]


def _number(text: str) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return ""
    if not number.is_finite() or not 0 < number <= MOST_NUMBER:
        return ""
    rounded = number.quantize(Decimal("0.1"))
    return f"{rounded.normalize():f}" if rounded else ""


def _problems(
    kind: ActivityKind, new: NewRecord, given: Mapping[str, object], at: datetime
) -> Iterator[tuple[str, str]]:
    today = timezone.localdate(at)
    if new.done_on > today:
        yield "done_on", _("日期不能晚于今天。")
    elif (today - new.done_on).days > 366:  # noqa: PLR2004 -- a year
        yield "done_on", _("只能补记一年以内的。")
    for field in kind.fields:
        if field.is_asked and given[field.key] in ("", []):
            is_number = field.type == data.NUMBER
            yield field.key, _("请填一个大于零的数。") if is_number else _("请填写这一项。")
    if kind.needs_file and not new.files:
        yield "files", _("请上传文件。")
    if len(new.files) > MOST_FILES:
        yield "files", _("一次最多 %(most)s 个文件。") % {"most": MOST_FILES}


@transaction.atomic
def strike(*, uid: UUID, reason: str, by: Actor, at: datetime) -> Activity:
    """Strike a record out with a reason; it stays to be seen and counts no more.

    The one who wrote it, or somebody who records facts of the area. Raises NotFound, NotAllowed,
    NotYourRecord, AlreadyStruck, NeedsReason.
    """
    demand(by, Permission.RECORD_ACTIVITIES)
    rows = scope.within(Activity.objects.select_for_update(), by.area_path)
    row = rows.filter(uid=uid).first()
    if row is None:
        raise NotFound
    if not may_strike(row, by):
        raise NotYourRecord
    if row.struck_at is not None:
        raise AlreadyStruck
    row.struck_at, row.struck_by, row.struck_why = at, name_of(by), said(reason)
    row.save(update_fields=["struck_at", "struck_by", "struck_why"])
    tell("activity.strike", row.pk, row.area_path, by=by, at=at, reason=row.struck_why)
    return row


def may_strike(row: Activity, by: Actor) -> bool:
    """Tell whether an actor may strike a record out."""
    is_own = by.user_id is not None and row.recorded_by_id == by.user_id
    return by.can(Permission.RECORD_ACTIVITIES) and (is_own or by.can(Permission.RECORD_FACTS))


def answers(row: Activity, language: str) -> list[tuple[str, str, bool]]:
    """Return what a record says field by field: name and words in a language, and who wrote it.

    The last is true for what somebody typed, which stands in the language it was typed in.
    """
    kind = activity_rules().kinds[row.kind]
    return [
        (
            one.name.in_language(language),
            _words(one, row.given[one.key], language),
            one.type in {data.TEXT, data.LONG},
        )
        for one in kind.fields
        if one.key in row.given
    ]


def _words(field: ActivityField, value: object, language: str) -> str:
    if field.type == data.TOPICS:
        names = [topics()[key].name for key in value if key in topics()]  # type: ignore[attr-defined]  # a list, as _clean keeps it
    elif field.type == data.MANY:
        names = [field.options[key] for key in value if key in field.options]  # type: ignore[attr-defined]  # a list, as _clean keeps it
    elif field.type == data.CHOICE:
        names = [field.options[str(value)]] if value in field.options else []
    else:
        return str(value)
    joint = ", " if language.startswith("en") else "、"
    return joint.join(one.in_language(language) for one in names)


def topic_choices(language: str) -> list[tuple[str, str]]:
    """Return the topics of publicity: those of consultations that a document names."""
    return [(key, one.name.in_language(language)) for key, one in topics().items() if key != OTHER]
