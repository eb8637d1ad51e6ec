"""The registers as workbooks: masked names only, every cell text, and a line on the trail."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.exports import MOST_LINES, note_export
from circle15.cases.service_models import Consultation, ServiceRecord
from circle15.cases.service_states import AskedBy, Ending, Reply, ServiceKind
from circle15.cases.services.lists import (
    ConsultationFilter,
    ServiceFilter,
    consultations,
    services,
)
from circle15.core.papers.sheet import text_workbook
from circle15.items.naming import ItemNames, item_names
from circle15.standards.services import service_forms, topics
from circle15.standards.text import Text


@transaction.atomic
def export_services(*, what: ServiceFilter, by: Actor, at: datetime) -> bytes:
    """Return the records of a list as a workbook. Raises NotAllowed, TooManyLines."""
    rows = list(services(by, what)[: MOST_LINES + 1])
    note_export(len(rows), "servicerecord", by=by, at=at)
    heads = (
        *(_("日期"), _("网点"), _("种类"), _("做了什么"), _("事项"), _("主题"), _("服务对象")),
        *(_("人数"), _("时长（分钟）"), _("材料齐备"), _("上报"), _("上门结果"), _("说明")),
        *(_("记录人"), _("记录时间"), _("作废"), _("数据性质")),
    )
    names = item_names(timezone.localdate(at))
    return text_workbook(_("服务记录"), heads, (_service(row, names) for row in rows))


@transaction.atomic
def export_consultations(*, what: ConsultationFilter, by: Actor, at: datetime) -> bytes:
    """Return the register of consultations as a workbook. Raises NotAllowed, TooManyLines."""
    rows = list(consultations(by, what)[: MOST_LINES + 1])
    note_export(len(rows), "consultation", by=by, at=at)
    heads = (
        *(_("日期"), _("网点"), _("主题"), _("方式"), _("咨询人"), _("问题"), _("答复")),
        *(_("结果"), _("时长（分钟）"), _("记录人"), _("记录时间"), _("作废"), _("数据性质")),
    )
    return text_workbook(_("咨询登记"), heads, (_consultation(row) for row in rows))


def _service(row: ServiceRecord, names: ItemNames) -> tuple[str, ...]:
    way = service_forms()[row.kind].ways.get(row.way)
    return (
        row.done_on.isoformat(),
        row.site_name,
        str(ServiceKind(row.kind).label),
        _said(way.name) if way else row.way,
        _said(names.name(row.item_key)) if row.item_key else "",
        _topic(row.topic),
        row.person_name,
        str(row.people),
        _number(row.minutes),
        _day(row.complete_on),
        _day(row.handed_on),
        str(Ending(row.ending).label) if row.ending else "",
        row.note,
        *_tail(row),
    )


def _consultation(row: Consultation) -> tuple[str, ...]:
    return (
        row.done_on.isoformat(),
        row.site_name,
        _topic(row.topic),
        str(AskedBy(row.asked_by).label),
        row.person_name,
        row.question,
        row.answer,
        str(Reply(row.reply).label),
        _number(row.minutes),
        *_tail(row),
    )


def _tail(row: ServiceRecord | Consultation) -> tuple[str, str, str, str]:
    return (
        row.recorded_by,
        f"{timezone.localtime(row.recorded_at):%Y-%m-%d %H:%M}",
        row.struck_why,
        _("合成数据") if row.is_synthetic else "",
    )


def _said(text: Text) -> str:
    return text.in_language(get_language() or "")


def _topic(key: str) -> str:
    topic = topics().get(key)
    return _said(topic.name) if topic else key


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _number(value: int | None) -> str:
    return "" if value is None else str(value)
