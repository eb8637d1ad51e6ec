"""Bring a template in, put it in force, take it out: two persons for what people are sent."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.areas.scope import EVERYWHERE
from circle15.areas.wording import worded
from circle15.audit.actions import record
from circle15.cases.paper_models import PaperTemplate
from circle15.cases.paper_states import TEMPLATE_TRANSITIONS, PaperKind, TemplateState
from circle15.cases.paper_templates.checking import names_in, problems_of
from circle15.core.ciphers import sm3
from circle15.core.messages import Message
from circle15.core.text import without_invisible
from circle15.items.first_days import first_day
from circle15.items.queries import catalogue_on

_MOST_NOTE, _MOST_NAME = 300, 120
_QUEUE = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 15))"


class UnusableTemplate(Refused):
    """A file that is no template; `problems` names everything wrong with it."""

    def __init__(self, problems: tuple[Message, ...]) -> None:
        self.problems = problems
        super().__init__(_("；").join(worded(each) for each in problems))


class WrongTemplateState(Refused):
    """The template cannot go from its state to the wanted one."""


class TemplateReasonMissing(Refused):
    def __init__(self) -> None:
        super().__init__(_("请写明理由。"))


@transaction.atomic
def bring_in(  # noqa: PLR0913 -- what a template consists of
    *,
    kind: str,
    content: bytes,
    file_name: str,
    note: str,
    by: Actor,
    at: datetime,
    item_key: str = "",
) -> PaperTemplate:
    """Keep a file as the next draft of a template, for one item or for all.

    Raises NotAllowed, NotFound for no such item, UnusableTemplate, TemplateReasonMissing.
    """
    _demand(by, Permission.DRAFT_ITEMS)
    if item_key and item_key not in catalogue_on(timezone.localdate(at)).items:
        raise NotFound
    if problems := problems_of(content, PaperKind(kind)):
        raise UnusableTemplate(problems)
    _one_at_a_time(kind, item_key)
    every = _every(kind, item_key)
    draft = PaperTemplate.objects.create(
        item_key=item_key,
        kind=kind,
        version=(every.aggregate(last=Max("version"))["last"] or 0) + 1,
        file_name=without_invisible(file_name).strip()[-_MOST_NAME:],
        content=content,
        digest=sm3(content).hex(),
        placeholders=list(names_in(content)),
        note=_reason(note),
        drafted_by_id=by.user_id,
        drafted_by=by.name,
        drafted_at=at,
    )
    _noted(draft, "draft", by, at)
    return draft


@transaction.atomic
def put_in_force(
    *, template_id: int, by: Actor, at: datetime, in_force_from: date | None = None
) -> PaperTemplate:
    """Let a draft count from a day, today unless given; who brought it in may not.

    Raises NotAllowed, NotFound, WrongTemplateState, WrongFirstDay.
    """
    row = _locked(template_id, by, Permission.PUBLISH_ITEMS)
    old = _move(row, TemplateState.PUBLISHED)
    if row.drafted_by_id is not None and row.drafted_by_id == by.user_id:
        raise NotAllowed(_("上传人不能发布自己的模板，请由另一位有发布权限的同事发布。"))
    today = timezone.localdate(at)
    row.in_force_from = first_day(in_force_from or today, taken=_taken(row), today=today)
    row.published_by_id, row.published_by, row.published_at = by.user_id, by.name, at
    row.save(update_fields=_PUBLISHED)
    _noted(row, "publish", by, at, old={"state": old}, new={"in_force_from": row.in_force_from})
    return row


_PUBLISHED = ("state", "in_force_from", "published_by_id", "published_by", "published_at")


@transaction.atomic
def take_out(*, template_id: int, reason: str, by: Actor, at: datetime) -> PaperTemplate:
    """Give up a draft, or withdraw what is published: the one before it counts again.

    What was issued with it stays as it is. Raises NotAllowed, NotFound, WrongTemplateState,
    TemplateReasonMissing.
    """
    row = _locked(template_id, by, Permission.DRAFT_ITEMS, Permission.PUBLISH_ITEMS)
    if row.state == TemplateState.PUBLISHED:
        _demand(by, Permission.PUBLISH_ITEMS)
    old = _move(row, TemplateState.WITHDRAWN)
    row.withdrawn_by, row.withdrawn_at, row.withdrawn_why = by.name, at, _reason(reason)
    row.save(update_fields=["state", "withdrawn_by", "withdrawn_at", "withdrawn_why"])
    _noted(row, "withdraw", by, at, old={"state": old}, new={"note": row.withdrawn_why})
    return row


def _demand(by: Actor, *permissions: Permission) -> None:
    if not any(by.can(each) for each in permissions):
        raise NotAllowed


def _one_at_a_time(kind: str, item_key: str) -> None:
    """Let those who bring versions of one template in, or in force, queue up for its numbers."""
    with connection.cursor() as cursor:
        cursor.execute(_QUEUE, [f"template:{kind}:{item_key}"])


def _every(kind: str, item_key: str) -> QuerySet[PaperTemplate]:
    return PaperTemplate.objects.filter(kind=kind, item_key=item_key)


def _locked(template_id: int, by: Actor, *permissions: Permission) -> PaperTemplate:
    _demand(by, *permissions)
    rows = PaperTemplate.objects.filter(pk=template_id)
    which = rows.values_list("kind", "item_key").first()
    if which is None:
        raise NotFound
    _one_at_a_time(*which)
    return rows.select_for_update().get()


def _move(row: PaperTemplate, state: TemplateState) -> str:
    if state not in TEMPLATE_TRANSITIONS[row.state]:
        raise WrongTemplateState(
            _("“%(old)s”的模板不能这样处理，可能刚才已有人处理过，请刷新页面核对。")
            % {"old": row.get_state_display()}
        )
    old, row.state = row.state, state
    return old


def _taken(row: PaperTemplate) -> dict[date, int]:
    """Return from which days which versions count."""
    rows = _every(row.kind, row.item_key).filter(state=TemplateState.PUBLISHED)
    found = rows.values_list("in_force_from", "version")
    return {since: version for since, version in found if since is not None}


def _reason(words: str) -> str:
    told = without_invisible(words).strip()[:_MOST_NOTE]
    if not told:
        raise TemplateReasonMissing
    return told


def _noted(  # noqa: PLR0913 -- a line of the trail
    row: PaperTemplate,
    verb: str,
    by: Actor,
    at: datetime,
    *,
    old: Mapping[str, object] | None = None,
    new: Mapping[str, object] | None = None,
) -> None:
    told = {"state": row.state, "kind": row.kind, "item": row.item_key, "digest": row.digest}
    record(
        who=by.who,
        verb=f"template.{verb}",
        target_kind="template",
        target_id=row.pk,
        area_path=by.area_path or EVERYWHERE,
        at=at,
        old=old,
        new={**told, **(new or {})},
    )
