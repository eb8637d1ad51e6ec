"""Papers written from a template: which one counts, the words put in, the file that comes of it."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import override

from circle15.accounts.sealing import seal, unseal
from circle15.cases.choices import office_name
from circle15.cases.documents.heading import HOTLINE, CaseHeading, day_words
from circle15.cases.documents.placeholders import (
    BY_NAME,
    QR_CODE,
    SIGNATURE,
    SIGNATURE_MM,
    examples,
    placeholders_of,
    qr_picture,
)
from circle15.cases.documents.result import remedy_words
from circle15.cases.lines import CaseView
from circle15.cases.models import Case
from circle15.cases.paper_models import IssuedPaper, PaperTemplate
from circle15.cases.paper_states import PaperKind, TemplateState
from circle15.cases.sealing import KIND
from circle15.cases.states import CaseState, Outcome
from circle15.core.papers.docx.filling import Picture, Value, filled
from circle15.core.papers.letter import Signed

_CHINESE: Final = "zh-hans"
_FIELD = "words"


@dataclass(frozen=True, slots=True)
class Written:
    """A paper written from a template, as a Word file."""

    title: str
    docx: bytes


def template_on(kind: str, item_key: str, on: date) -> PaperTemplate | None:
    """Return the template that counts on a day: the item's own, else the one for all."""
    rows = PaperTemplate.objects.filter(
        kind=kind,
        item_key__in=("", item_key),
        state=TemplateState.PUBLISHED,
        in_force_from__lte=on,
    )
    return rows.order_by("-item_key", "-in_force_from", "-id").first()


def number_of(view: CaseView, kind: str) -> str:
    """Return the number a paper is issued under: one for each round, as appeals begin anew."""
    return view.line.number if kind == PaperKind.NOT_TAKEN_IN else view.result_number


def words_of(view: CaseView, kind: str, heading: CaseHeading) -> dict[str, str]:
    """Return what stands for each placeholder but the pictures."""
    line = view.line
    decided_at = line.decided_at or line.closed_at
    last = view.deliveries[-1] if view.deliveries else None
    words = {
        "申请人": heading.applicant,
        "证件号码": heading.id_number,
        "代办人": heading.agent,
        "事项": heading.item,
        "受理编号": heading.number,
        "受理日期": day_words(line.accepted_at) if line.accepted_at else "",
        "受理网点": heading.site,
        "网点地址": heading.address,
        "网点电话": heading.phone,
        "服务热线": HOTLINE,
        "决定": decision_words(view),
        "结果": view.item.result.zh if line.outcome == Outcome.APPROVED else "",
        "法律依据": view.basis,
        "说明": view.decision_note,
        "日期": day_words(decided_at) if decided_at else "",
        "办理机关": office_name(line.handler_path) or heading.site,
        "文书编号": view.result_number,
        "救济途径": remedy_words(),
        "送达方式": last.way_name if last else "",
        "送达地点": last.site_name if last else "",
        "快递单号": last.tracking if last else "",
        "送达日期": day_words(last.delivered_at) if last else "",
        "签收人": last.signed_by if last else "",
        "签收日期": day_words(last.signed_at) if last and last.signed_at else "",
    }
    return {each.name: words[each.name] for each in placeholders_of(kind) if not each.is_picture}


def decision_words(view: CaseView) -> str:
    """Say what was decided."""
    if not view.line.outcome:
        return _("不予受理")
    return _("同意办理") if view.line.outcome == Outcome.APPROVED else _("不予办理")


def seal_words(words: dict[str, str], case: Case) -> str:
    """Return the column that keeps what was put into a paper."""
    return seal(json.dumps(words, ensure_ascii=False), field=_FIELD, uid=case.uid, kind=KIND)


def written(
    view: CaseView, kind: str, heading: CaseHeading, *, on: date, signature: Signed | None = None
) -> Written | None:
    """Write a paper from its template; None where the program words it itself.

    What was issued stays as it was issued; what is not issued yet follows the template of the day.
    """
    issued = IssuedPaper.objects.filter(
        case__uid=view.line.uid, kind=kind, number=number_of(view, kind)
    ).select_related("template")
    row = issued.first()
    if row is not None:
        sealed = unseal(row.words_sealed, field=_FIELD, uid=view.line.uid, kind=KIND)
        return _written(row.template, json.loads(sealed), heading, signature)
    if is_issued(view, kind):
        return None
    template = template_on(kind, view.line.item_key, on)
    if template is None:
        return None
    with override(_CHINESE):
        words = words_of(view, kind, heading)
    return _written(template, words, heading, signature)


def is_issued(view: CaseView, kind: str) -> bool:
    """Tell whether a paper is out: its words stand, whatever is published afterwards."""
    if kind == PaperKind.DELIVERY:
        return view.line.state == CaseState.CLOSED
    return kind == PaperKind.NOT_TAKEN_IN or bool(view.result_number)


def _written(
    template: PaperTemplate, words: dict[str, str], heading: CaseHeading, signature: Signed | None
) -> Written:
    values: dict[str, Value] = dict(words)
    values[QR_CODE] = qr_picture(heading.link) if heading.link else None
    if signature is not None:
        values[SIGNATURE] = Picture(signature.png, SIGNATURE_MM, signature.words)
    content = filled(bytes(template.content), values, mark=heading.mark)
    return Written(str(PaperKind(template.kind).label), content)


def example(content: bytes, kind: str) -> bytes:
    """Return a template filled with made-up values, marked as such."""
    return filled(content, examples(kind), mark=_("预览，内容是样例"))


def longest(content: bytes, kind: str) -> bytes:
    """Return a template filled with as much as there may ever be, to see that it fits."""
    values = examples(kind) | {name: "长" * most for name, most in _LONGEST.items()}
    return filled(content, {name: values[name] for name in BY_NAME if name in values})


_LONGEST = {"法律依据": 500, "说明": 500, "事项": 60, "申请人": 60}
