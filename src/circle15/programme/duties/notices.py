"""The monthly notice (通报): the numbers of the screen as an official paper, kept whole.

Papers are written in Chinese, as they are filed, whatever language the page speaks.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone, translation

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.accounts.steps import name_of, tell
from circle15.areas import scope
from circle15.core.papers.official import (
    Block,
    Heading,
    Official,
    Paragraph,
    Table,
    as_json,
    from_json,
)
from circle15.core.papers.official_docx import official_docx
from circle15.core.papers.official_pdf import official_pdf
from circle15.programme.duties.queries import Figures, Line, figures, overdue
from circle15.programme.duties.refusals import NothingToTell
from circle15.programme.duties_models import Assignment, DutyNotice

SERIES = "医保圈责任通报"
TITLE = "15分钟医保服务圈创建责任落实情况通报"
MARK = "演示数据，不作依据"
WRITERS: Mapping[str, Callable[[Official], bytes]] = {"docx": official_docx, "pdf": official_pdf}
_MOST_LISTED = 200


# Clauses: W-30, Q-10
@transaction.atomic
def issue(*, by: Actor, at: datetime) -> DutyNotice:
    """Issue a notice with the numbers as they stand now; it never changes afterwards.

    Raises NothingToTell, NotAllowed.
    """
    demand(by, Permission.RUN_PROGRAMME)
    today = timezone.localdate(at)
    found = figures(by, on=today)
    if not found.whole.total:
        raise NothingToTell
    serial = _next_serial(by.area_path, today.year)
    number = f"{SERIES}〔{today.year}〕{serial}号"
    with translation.override("zh-hans"):
        paper = _paper(found, overdue(by, on=today), number=number, by=by)
    content = as_json(paper)
    notice = DutyNotice.objects.create(
        area_path=by.area_path,
        number=number,
        year=today.year,
        serial=serial,
        month=f"{today:%Y-%m}",
        title=paper.title,
        content=content,
        digest=_digest(content),
        issued_at=at,
        issued_by=name_of(by),
        is_synthetic=found.is_synthetic,
    )
    new = {"number": number, "digest": notice.digest}
    tell("duty.notice", notice.uid, by.area_path, by=by, at=at, **new)
    return notice


def notices(by: Actor) -> QuerySet[DutyNotice]:
    """Return the notices of the actor's area, the newest first. Raises NotAllowed."""
    demand(by, Permission.VIEW_PROGRAMME)
    return scope.within(DutyNotice.objects.all(), by.area_path).order_by("-issued_at", "-id")


def notice_paper(by: Actor, uid: UUID) -> tuple[DutyNotice, Official]:
    """Return a notice and its paper as it was issued. Raises NotFound, NotAllowed."""
    found = notices(by).filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found, from_json(found.content)


def _paper(found: Figures, late: list[Assignment], *, number: str, by: Actor) -> Official:
    area = by.area_name
    issuer = area if area.endswith(("局", "中心")) else f"{area}医疗保障局"
    return Official(
        title=TITLE,
        addressee="各责任单位",
        blocks=(*_whole(found), *_by_owner(found), *_overdue(late)),
        issuer=issuer,
        issuer_mark=issuer,
        day=_day(found.on),
        number=number,
        mark=MARK if found.is_synthetic else "",
    )


def _whole(found: Figures) -> Iterator[Block]:
    all_ = found.whole
    yield Heading("总体情况")
    yield Paragraph(
        f"截至{_day(found.on)}，共分解任务{all_.total}项，已确认完成{all_.confirmed}项，"
        f"已报完成待确认{all_.reported}项，推进中{all_.given}项，其中已逾期{all_.overdue}项、"
        f"即将到期{all_.soon}项。"
    )


def _by_owner(found: Figures) -> Iterator[Block]:
    yield Heading("各单位情况")
    heads = ("责任单位", "任务", "确认完成", "待确认", "推进中", "逾期", "迟报完成")
    rows = tuple(_cells(each) for each in found.lines)
    yield Table("", heads, rows, (4, 2, 2, 2, 2, 2, 2), (1, 2, 3, 4, 5, 6))


def _cells(line: Line) -> tuple[str, ...]:
    counts = (line.total, line.confirmed, line.reported, line.given, line.overdue, line.late)
    return (line.owner, *map(str, counts))


def _overdue(late: list[Assignment]) -> Iterator[Block]:
    yield Heading("逾期任务")
    if not late:
        yield Paragraph("没有逾期任务。")
        return
    rows = tuple((one.owner_name, one.duty.name, _day(one.due_on)) for one in late[:_MOST_LISTED])
    yield Table("", ("责任单位", "任务", "期限"), rows, (3, 6, 3))
    if len(late) > _MOST_LISTED:
        yield Paragraph(f"以上列前{_MOST_LISTED}项，共{len(late)}项。")
    yield Paragraph("请有关单位抓紧办理，按时报送进展和佐证材料。")


def _day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"


def _digest(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def _next_serial(area_path: str, year: int) -> int:
    """Return the next number of an area; who issues at the same time waits."""
    with connection.cursor() as cursor:
        key = f"duty notice {area_path} {year}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
    rows = DutyNotice.objects.filter(area_path=area_path, year=year)
    return (rows.aggregate(last=Max("serial"))["last"] or 0) + 1
