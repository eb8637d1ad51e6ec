"""What every action on an edition begins and ends with: lock, check, count anew, note."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.areas.scope import EVERYWHERE
from circle15.areas.wording import worded
from circle15.audit.actions import record
from circle15.items.models import Edition
from circle15.items.states import EDITION_TRANSITIONS, EditionState
from circle15.items.wording import readable
from circle15.standards.catalogue_parser import digest_of


class UnusableItem(Refused):
    """Data that are no service item, or no catalogue.

    `problems` names everything wrong by the path of its field (`limit.promised：…`), `lines` by
    what people call it.
    """

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        self.lines = tuple(worded(readable(problem)) for problem in problems)
        super().__init__(_("；").join(self.lines))


class WrongEditionState(Refused):
    """The edition cannot go from its state to the wanted one."""


class ReasonMissing(Refused):
    """What nobody explains is not done."""

    def __init__(self) -> None:
        super().__init__(_("请写明理由。"))


def locked(edition_id: int, by: Actor, *permissions: Permission) -> tuple[Edition, list[Edition]]:
    """Return an edition and all editions, locked in one order.

    One of the permissions will do. Raises NotAllowed and NotFound.
    """
    if not any(by.can(each) for each in permissions):
        raise NotAllowed
    every = list(Edition.objects.select_for_update().order_by("id"))
    for row in every:
        if row.id == edition_id:
            return row, every
    raise NotFound


def own_draft(edition: Edition, by: Actor) -> None:
    """Refuse what is no draft, and another's: who wrote a part must not publish it alone."""
    if edition.state != EditionState.DRAFT:
        raise WrongEditionState(_("只有草稿可以修改；已发布的目录请另起新版。"))
    if edition.drafted_by_id != by.user_id:
        raise NotAllowed(_("这是 %s 的草稿，只有起草人可以修改和提交。") % edition.drafted_by)


def move(edition: Edition, state: EditionState) -> str:
    """Take an edition to a state along the transition table; return the one before."""
    if state not in EDITION_TRANSITIONS[edition.state]:
        raise WrongEditionState(
            _("“%(old)s”的目录不能这样处理，可能刚才已有人处理过，请刷新页面核对。")
            % {"old": edition.get_state_display()}
        )
    old = edition.state
    edition.state = state
    return old


def count_anew(edition: Edition) -> None:
    """Give an edition the digest of its items; `catalogue_digest` says the same of values."""
    rows = edition.versions.order_by("position", "id").values_list("key", "digest")
    edition.digest = digest_of([list(row) for row in rows])
    edition.save(update_fields=["digest"])


def noted(  # noqa: PLR0913 -- a line of the trail
    edition: Edition,
    verb: str,
    by: Actor,
    at: datetime,
    *,
    old: Mapping[str, object] | None = None,
    new: Mapping[str, object] | None = None,
) -> None:
    """Write the trail of the one who acts: the catalogue itself belongs to no area."""
    record(
        who=by.who,
        verb=f"catalogue.{verb}",
        target_kind="catalogue",
        target_id=edition.number,
        area_path=by.area_path or EVERYWHERE,
        at=at,
        old=old,
        new={"state": edition.state, "digest": edition.digest, **(new or {})},
    )
