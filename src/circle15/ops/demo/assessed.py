"""Assessments of the demo city: an acceptance that was published, a dynamic one under way."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TypedDict
from uuid import UUID
from zoneinfo import ZoneInfo

from circle15.accounts.actors import Actor, actor_of
from circle15.accounts.states import Role
from circle15.assessments.campaign_models import Campaign, Entry, EntryLine
from circle15.assessments.campaign_states import EntryState, TitleKind
from circle15.assessments.campaigns import ending, freezing, making, objecting, reviewing
from circle15.assessments.campaigns.concluding import lines_of
from circle15.assessments.campaigns.queries import campaigns
from circle15.assessments.states import Purpose
from circle15.ledger.actions import keep_evidence
from circle15.ledger.files import check_evidence
from circle15.ops.demo import geography
from circle15.ops.demo.character import MARK
from circle15.ops.demo.photos import Photo
from circle15.sites.states import SiteKind

BOOK = "jiangsu-acceptance"
PASS_MARK = Decimal(80)
_SHANGHAI = ZoneInfo("Asia/Shanghai")
_AREA = "启东市"


class _Common(TypedDict):
    uid: UUID
    at: datetime


class _About(_Common):
    rule_id: str


def ensure(*, at: datetime, today: date) -> None:
    """Write both campaigns, unless they are there."""
    if campaigns(_officer(1)).exists():
        return
    _acceptance(today, at)
    _dynamic(today, at)


def _acceptance(today: date, at: datetime) -> None:
    """Walk every centre whose ledger was complete to a published result."""
    day = today - timedelta(days=60)
    made = _made(
        *("乡镇服务圈验收考核", Purpose.ACCEPTANCE, day, at),
        pass_mark=PASS_MARK,
        title=TitleKind.DEMONSTRATION,
    )
    seen = _at(day + timedelta(days=3), at)
    frozen = made.entries.filter(state=EntryState.FROZEN).select_related("site").order_by("id")
    for number, entry in enumerate(frozen):
        _review(entry, seen, sees_less=not number)
    waiting = made.entries.filter(state=EntryState.OBJECTIONS).select_related("site")
    first = waiting.order_by("id").first()
    if first is not None:
        _object(first, _at(day + timedelta(days=4), at), today)
    over = _at(day + timedelta(days=20), at)
    for one in waiting.order_by("id"):
        ending.decide(uid=one.uid, note="", by=_officer(1), at=over)
    ending.publish_decided(uid=made.uid, by=_officer(1), at=_at(day + timedelta(days=21), at))
    for one in made.entries.filter(state=EntryState.CHOSEN).order_by("id"):
        making.drop(uid=one.uid, reason="台账不全，转下一批", by=_officer(1), at=over)


def _dynamic(today: date, at: datetime) -> None:
    """Leave centres where each part of the way can be seen."""
    day = today - timedelta(days=3)
    made = _made("动态评估", Purpose.DYNAMIC, day, at)
    moment = _at(today - timedelta(days=1), at)
    frozen = made.entries.filter(state=EntryState.FROZEN).select_related("site").order_by("id")
    for number, entry in enumerate(frozen[:3]):
        line = lines_of(entry)[number]
        about: _About = {"uid": entry.uid, "rule_id": line.rule_id, "at": moment}
        if number == 0:
            words = "附件看不清，请补"
            reviewing.review(**about, confirms=False, reason=words, by=_officer(1))
        elif number == 1:
            reviewing.review_rest(uid=entry.uid, by=_officer(1), at=moment)
            reviewing.end_review(uid=entry.uid, by=_officer(1), at=moment)
        else:
            _review(entry, moment, sees_less=False)


def _made(  # noqa: PLR0913 -- what a campaign is made of
    name: str,
    kind: Purpose,
    day: date,
    at: datetime,
    *,
    pass_mark: Decimal | None = None,
    title: str = "",
) -> Campaign:
    wanted = making.Wanted(
        name=f"{day.year} 年{name}{MARK}",
        kind=kind,
        book=BOOK,
        freeze_on=day,
        objection_days=5,
        pass_mark=pass_mark,
        title=title,
    )
    chosen = making.Chosen(kinds=(SiteKind.TOWN_CENTRE,))
    begun = _at(day, at)
    made = making.make_campaign(wanted=wanted, chosen=chosen, by=_officer(1), at=begun)
    freezing.freeze(uid=made.uid, by=_officer(1), at=begun)
    return made


def _review(entry: Entry, at: datetime, *, sees_less: bool) -> None:
    """Confirm every line; one of them is seen otherwise where asked."""
    common: _Common = {"uid": entry.uid, "at": at}
    reviewing.review_rest(**common, by=_officer(1))
    reviewing.end_review(**common, by=_officer(1))
    if sees_less:
        words = "现场没有找到"
        rule = _paying(entry).rule_id
        reviewing.see(**common, rule_id=rule, agrees=False, words=words, by=_officer(4))
    reviewing.see_rest(**common, by=_officer(4))
    reviewing.end_visit(**common, by=_officer(1))


def _object(entry: Entry, at: datetime, today: date) -> None:
    """Let the site object with a picture: upheld by a second officer, paid with a third."""
    line = _paying(entry)
    picture = Photo(entry.site.code, "site.layout_reasonable", True, today, 3)
    checked = check_evidence(picture.content(), name=picture.name)
    manager = _manager(entry)
    file = keep_evidence(code=entry.site.code, checked=checked, by=manager, at=at)
    about: _About = {"uid": entry.uid, "rule_id": line.rule_id, "at": at}
    words = "当天在隔壁间，照片可证"
    objecting.object_to(**about, text=words, evidence_id=file.pk, by=manager)
    why = "照片属实，同意按台账给分"
    objecting.decide_objection(**about, upholds=True, why=why, points=line.computed, by=_officer(2))
    objecting.judge_adjustment(**about, approves=True, why="", by=_officer(3))


def _paying(entry: Entry) -> EntryLine:
    return next(line for line in lines_of(entry) if line.computed and "on_site" in line.methods)


def _officer(number: int) -> Actor:
    """Return an officer of the county who exists nowhere else."""
    names = ("考核经办人", "异议复核人", "科室负责人", "现场核对人")
    path = geography.path_of(geography.COUNTY)
    return actor_of(
        user_id=-9010 - number,
        name=f"{names[number - 1]}{MARK}",
        role=Role.COUNTY_OFFICER,
        area_path=path,
        area_name=_AREA,
    )


def _manager(entry: Entry) -> Actor:
    name, path = f"网点负责人{MARK}", entry.site.area_path
    return actor_of(
        user_id=-9020,
        name=name,
        role=Role.SITE_MANAGER,
        area_path=path,
        area_name=entry.site.name,
    )


def _at(day: date, at: datetime) -> datetime:
    return min(datetime.combine(day, time(10), _SHANGHAI), at)
