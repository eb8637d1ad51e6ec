"""Open a round of a year, and change its end or its quota with a reason."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand, demand_area
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.accounts.steps import NAME_LENGTH, kept_words, name_of, said
from circle15.programme.rounds.life import tell_round
from circle15.programme.rounds.prefill import bureau_of
from circle15.programme.rounds.refusals import BadRound
from circle15.programme.rounds_models import Round
from circle15.programme.rounds_states import PLACED
from circle15.standards.rounds import RoundKind, round_rules

MOST_QUOTA = 999
_YEARS = range(2020, 2100)
_CITY = 2
# An area code or none, a number of the office, an extension.
_OFFICE_PHONE = re.compile(r"(?:0\d{2,3}[- ]?)?\d{7,8}(?: ?(?:转|-) ?\d{1,6})?|12393|12345")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a round is made of."""

    kind: str
    year: int
    opens_on: date
    closes_on: date
    quota: int
    conditions: tuple[str, ...]
    built_by: date | None = None
    note: str = ""
    contact: str = ""
    phone: str = ""


# Clauses: W-23, W-39
def kinds_for(by: Actor) -> tuple[RoundKind, ...]:
    """Return the kinds of rounds somebody may open: a city's, or a county's."""
    depth = by.area_path.count("/")
    level = {_CITY: "city", _CITY + 1: "county"}.get(depth, "")
    if not by.can(Permission.RUN_PROGRAMME):
        return ()
    return tuple(one for one in round_rules().kinds.values() if one.by == level)


# Clauses: W-16, W-17, W-22, W-114
def open_round(*, wanted: Wanted, by: Actor, at: datetime, is_synthetic: bool = False) -> Round:
    """Open a round of a year; of two at once the second is refused. Raises NotAllowed, BadRound."""
    demand(by, Permission.RUN_PROGRAMME)
    _check(wanted, by)
    try:
        with transaction.atomic():
            return _opened(wanted, by=by, at=at, is_synthetic=is_synthetic)
    except IntegrityError as refusal:
        if "programme_round_once" not in str(refusal):
            raise
        raise BadRound(_same()) from None


def _same() -> str:
    return _("同一年度、同一天开始的这类轮次已经有了。")


def _opened(wanted: Wanted, *, by: Actor, at: datetime, is_synthetic: bool) -> Round:
    one = Round.objects.create(
        kind=wanted.kind,
        year=wanted.year,
        area_path=by.area_path,
        area_name=by.area_name,
        opens_on=wanted.opens_on,
        closes_on=wanted.closes_on,
        built_by=wanted.built_by,
        quota=wanted.quota,
        conditions=[key for key in round_rules().conditions if key in wanted.conditions],
        note=said(wanted.note, needed=False),
        contact=kept_words(wanted.contact or bureau_of(by.area_name), NAME_LENGTH),
        phone=wanted.phone.strip(),
        opened_at=at,
        opened_by=name_of(by),
        opened_by_id=by.user_id,
        is_synthetic=is_synthetic,
    )
    tell_round(
        one,
        "open",
        by=by,
        at=at,
        kind=one.kind,
        year=one.year,
        opens_on=one.opens_on,
        closes_on=one.closes_on,
        quota=one.quota,
    )
    return one


@transaction.atomic
def change_round(  # noqa: PLR0913 -- what may change
    *, uid: UUID, closes_on: date, quota: int, reason: str, by: Actor, at: datetime
) -> Round:
    """Move the end of a round or its quota, with a reason on the trail. Raises BadRound."""
    one = locked_round(uid, by)
    if closes_on < one.opens_on:
        raise BadRound(_("截止日期早于开始日期。"))
    taken = one.applications.filter(state__in=PLACED).count()
    if not max(taken, 1) <= quota <= MOST_QUOTA:
        raise BadRound(_("名额不能少于已入选的 %(n)s 个，也不能为零。") % {"n": taken})
    words = said(reason)
    one.closes_on, one.quota = closes_on, quota
    one.save(update_fields=["closes_on", "quota"])
    tell_round(one, "change", by=by, at=at, closes_on=closes_on, quota=quota, reason=words)
    return one


def locked_round(uid: UUID, by: Actor) -> Round:
    """Return a round the actor's area opened, locked. Raises NotAllowed, NotFound."""
    demand(by, Permission.RUN_PROGRAMME)
    found = Round.objects.select_for_update(no_key=True).filter(uid=uid).first()
    if found is None:
        raise NotFound
    demand_area(by, found.area_path)
    return found


def _check(wanted: Wanted, by: Actor) -> None:
    if wanted.kind not in {one.key for one in kinds_for(by)}:
        raise BadRound(_("请选择由本级组织的种类。"))
    if wanted.year not in _YEARS:
        raise BadRound(_("年度不对，请核对。"))
    if wanted.closes_on < wanted.opens_on:
        raise BadRound(_("截止日期早于开始日期。"))
    if wanted.built_by is not None and wanted.built_by < wanted.closes_on:
        raise BadRound(_("建成日期早于申报截止日期。"))
    if not 0 < wanted.quota <= MOST_QUOTA:
        raise BadRound(_("名额应在 1 至 %(most)s 之间。") % {"most": MOST_QUOTA})
    if not wanted.conditions:
        raise BadRound(_("请至少保留一个遴选条件。"))
    same = Round.objects.filter(
        area_path=by.area_path, kind=wanted.kind, year=wanted.year, opens_on=wanted.opens_on
    )
    if same.exists():
        raise BadRound(_same())
    if wanted.phone.strip() and not _OFFICE_PHONE.fullmatch(wanted.phone.strip()):
        raise BadRound(_("联系电话请写办公电话（带区号的固定电话或热线），不写个人手机号。"))
