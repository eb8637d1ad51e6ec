"""The papers of a case made from what is stored of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final
from uuid import UUID

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotFound
from circle15.cases.choices import office_name
from circle15.cases.documents.collected import (
    CollectedPaper,
    collected_letter,
    collected_strip,
)
from circle15.cases.documents.delivery import DeliveryPaper, delivery_letter
from circle15.cases.documents.heading import CaseHeading, Strip
from circle15.cases.documents.notice import (
    MissingPaper,
    NoticePaper,
    notice_letter,
    notice_strip,
)
from circle15.cases.documents.receipt import (
    ReceiptPaper,
    TakenPaper,
    receipt_letter,
    receipt_strip,
)
from circle15.cases.documents.result import ResultKind, ResultPaper, result_letter
from circle15.cases.documents.templated import Written, decision_words, written
from circle15.cases.lines import CaseView, MaterialLine, NoticeLine
from circle15.cases.paper_states import PaperKind
from circle15.cases.paper_states import Signed as SignedPaper
from circle15.cases.states import CaseState, ClockKind, MaterialState, Outcome, PromiseState
from circle15.core.papers.letter import Letter, Signed
from circle15.ledger.people.looking import organisation_anywhere, person_anywhere
from circle15.ledger.people.sealing import masked
from circle15.ledger.people.states import Field
from circle15.sites.public import open_site
from circle15.standards.case_rules import case_rules
from circle15.standards.catalogue import CatalogueItem, Limit, Material, Medium
from circle15.standards.text import Text

NOTICE, NOTICE_AGAIN, RECEIPT, RESULT = "notice", "notice-2", "receipt", "result"
DELIVERED, COLLECTED = "delivery", "collected"
ON_A4_ONLY: Final = (RESULT, DELIVERED)
_TAKEN: Final = (MaterialState.GIVEN, MaterialState.SHARED, MaterialState.COMMITTED)


def papers_of(view: CaseView) -> tuple[str, ...]:
    """Name the papers a case has by now."""
    return tuple(_papers(view))


def _papers(view: CaseView) -> Iterator[str]:
    if view.notices:
        yield NOTICE
    if len(view.notices) > 1:
        yield NOTICE_AGAIN
    if view.is_assisted and view.line.submitted_at:
        yield COLLECTED
    if view.line.accepted_at:
        yield RECEIPT
    if _result_kind(view):
        yield RESULT
    if view.delivered_at and view.deliveries:
        yield DELIVERED


def title_of(which: str) -> str:
    """Name a paper in a list."""
    names = {
        NOTICE: _("一次性告知书"),
        NOTICE_AGAIN: _("第二次告知书"),
        COLLECTED: _("收件回执"),
        RECEIPT: _("受理通知书"),
        RESULT: _("结果通知书"),
        DELIVERED: _("送达回证"),
    }
    return names[which]


def letter_of(view: CaseView, which: str, *, link: str, signature: Signed | None = None) -> Letter:
    """Lay out a paper of a case on A4. Raises NotFound where the case has none such."""
    if which not in papers_of(view):
        raise NotFound
    heading = heading_of(view, link=link)
    if which == COLLECTED:
        return collected_letter(_collected(view, heading))
    if which == RECEIPT:
        return receipt_letter(replace(_receipt(view, heading), signature=signature))
    if which == RESULT:
        return result_letter(replace(_result(view, heading), signature=signature))
    if which == DELIVERED:
        return delivery_letter(replace(_delivery(view, heading), signature=signature))
    return notice_letter(_notice(view, heading, which))


def written_of(
    view: CaseView, which: str, *, link: str, on: date, signature: Signed | None = None
) -> Written | None:
    """Write a paper of a case from its template; None where the program words it itself.

    Raises NotFound where the case has none such.
    """
    if which not in papers_of(view):
        raise NotFound
    kind = kind_of(view, which)
    if kind is None:
        return None
    with override("zh-hans"):
        heading = heading_of(view, link=link)
    return written(view, kind, heading, on=on, signature=signature)


def kind_of(view: CaseView, which: str) -> PaperKind | None:
    """Return which template a paper would have; None for notices and receipts."""
    if which == DELIVERED:
        return PaperKind.DELIVERY
    found = _result_kind(view) if which == RESULT else None
    return PaperKind(found.value) if found else None


def signed_as(which: str) -> SignedPaper | None:
    """Return what somebody signs with a paper."""
    return {
        RECEIPT: SignedPaper.INTAKE,
        RESULT: SignedPaper.RESULT,
        DELIVERED: SignedPaper.RESULT,
    }.get(which)


def strip_of(view: CaseView, which: str, *, link: str) -> Strip:
    """Lay out a paper of a case on a roll. Raises NotFound where there is none such."""
    if which not in papers_of(view) or which in ON_A4_ONLY:
        raise NotFound
    heading = heading_of(view, link=link)
    if which == COLLECTED:
        return collected_strip(_collected(view, heading))
    if which == RECEIPT:
        return receipt_strip(_receipt(view, heading))
    return notice_strip(_notice(view, heading, which))


def heading_of(view: CaseView, *, link: str) -> CaseHeading:
    """Return what every paper of the case says of it."""
    line = view.line
    code = line.area_path.rstrip("/").rpartition("/")[2]
    site = open_site(code) if line.site_name else None
    applicant, number = _applicant(view)
    return CaseHeading(
        number=line.number,
        item=_said(line.item_name),
        applicant=applicant,
        id_number=number,
        agent=line.agent_name,
        agent_title=line.agent_title,
        site=line.site_name or office_name(line.handler_path) or _("网上办事大厅"),
        address=site.address if site else "",
        phone=site.phone if site else "",
        link=link,
        is_synthetic=line.is_synthetic,
    )


def _applicant(view: CaseView) -> tuple[str, str]:
    """Return the masked name and number, or an organisation with its public code."""
    line = view.line
    if line.organisation_uid is None:
        assert line.person_uid is not None
        return line.person_name, _masked_number(line.person_uid)
    return line.organisation_name, organisation_anywhere(line.organisation_uid).credit_code


def _masked_number(uid: UUID) -> str:
    """Return the number as papers show it; "" of somebody the register has forgotten."""
    try:
        return masked(person_anywhere(uid), Field.ID_NUMBER)
    except NotFound:
        return ""


def _notice(view: CaseView, heading: CaseHeading, which: str) -> NoticePaper:
    found = view.notices[1 if which == NOTICE_AGAIN else 0]
    told = {str(each["key"]) for each in found.lines}
    given = [each.key for each in view.materials if each.state in _TAKEN and each.key not in told]
    return NoticePaper(
        heading=heading,
        number=found.number,
        issued_at=found.issued_at,
        clerk=found.issued_by,
        missing=tuple(_missing(view.item, found)),
        given=tuple(_name(view.item, key) for key in given),
        is_second=found.seq > 1,
        reason=found.reason,
    )


def _missing(item: CatalogueItem, notice: NoticeLine) -> Iterator[MissingPaper]:
    """Yield what the notice names, in the words it was issued with."""
    for each in notice.lines:
        material = item.material(str(each["key"]))
        name = str(each["en" if (get_language() or "").startswith("en") else "zh"])
        why = str(each.get("why") or "")
        wanted = wanted_words(material) if material else ""
        told = _("%(wanted)s（%(why)s）") % {"wanted": wanted, "why": why} if why else wanted
        yield MissingPaper(name, told, other_ways(material))


def _receipt(view: CaseView, heading: CaseHeading) -> ReceiptPaper:
    line, item, promise = view.line, view.item, view.promise
    assert line.accepted_at is not None
    is_open = promise is not None and promise.state == PromiseState.OPEN
    return ReceiptPaper(
        heading=heading,
        accepted_at=line.accepted_at,
        clerk=line.first_owner_name or line.owner_name,
        taken=_taken(view),
        limit_words=limit_words(item.limit),
        due_on=line.due_on,
        result=_said(item.result),
        fee=_said(item.fee),
        deferred=tuple(_name(item, key) for key in promise.keys) if is_open and promise else (),
        deferred_until=promise.due_on if is_open and promise else None,
    )


def _delivery(view: CaseView, heading: CaseHeading) -> DeliveryPaper:
    last = view.deliveries[-1]
    return DeliveryPaper(
        heading=heading,
        decision=decision_words(view),
        way=last.way_name,
        office=office_name(view.line.handler_path) or heading.site,
        delivered_at=last.delivered_at,
        place=last.site_name,
        tracking=last.tracking,
        signer=last.signed_by,
        signed_at=last.signed_at,
    )


def _collected(view: CaseView, heading: CaseHeading) -> CollectedPaper:
    line = view.line
    assert line.submitted_at is not None
    proxy = next((clock for clock in view.clocks if clock.kind == ClockKind.PROXY), None)
    return CollectedPaper(
        heading=heading,
        collected_at=line.submitted_at,
        clerk=line.first_owner_name or line.owner_name,
        taken=_taken(view),
        hand_up_days=case_rules().proxy_days,
        hand_up_by=proxy.due_on if proxy else None,
        limit_words=limit_words(view.item.limit),
        fee=_said(view.item.fee),
    )


def _taken(view: CaseView) -> tuple[TakenPaper, ...]:
    return tuple(
        TakenPaper(_name(view.item, each.key), _how(each))
        for each in view.materials
        if each.state in _TAKEN
    )


def _how(line: MaterialLine) -> str:
    if line.state == MaterialState.GIVEN:
        return _("已交，留了照片") if line.files else _("已交，核对后退还")
    if line.looked_up is None:
        return _("签承诺书代替")
    words = {"source": _said(line.looked_up.name), "day": f"{line.looked_up.on:%Y-%m-%d}"}
    return _("数据共享，没有要您带（%(source)s，%(day)s 查）") % words


def _result_kind(view: CaseView) -> ResultKind | None:
    if view.line.state == CaseState.NOT_ACCEPTED:
        return ResultKind.NOT_TAKEN_IN
    if view.line.decided_at is None:
        return None
    is_granted = view.line.outcome == Outcome.APPROVED
    return ResultKind.GRANTED if is_granted else ResultKind.REFUSED


def _result(view: CaseView, heading: CaseHeading) -> ResultPaper:
    kind = _result_kind(view)
    decided_at = view.line.decided_at or view.line.closed_at
    assert kind is not None
    assert decided_at is not None
    return ResultPaper(
        heading=heading,
        kind=kind,
        decided_at=decided_at,
        office=office_name(view.line.handler_path) or heading.site,
        note=view.decision_note,
        basis=view.basis,
        result=_said(view.item.result) if kind == ResultKind.GRANTED else "",
    )


def wanted_words(material: Material) -> str:
    """Say how a paper is wanted: original or copy, how many, a form, looked up by data."""
    media = {
        Medium.ORIGINAL: _("原件 %(n)s 份"),
        Medium.COPY: _("复印件 %(n)s 份"),
        Medium.ANY: _("原件或复印件 %(n)s 份"),
    }
    parts = [media[material.medium] % {"n": material.copies}]
    if material.is_form:
        parts.append(_("表格，窗口可领"))
    if material.is_shareable:
        parts.append(_("可以数据共享，不必带"))
    return _("，").join(parts)


def other_ways(material: Material | None) -> str:
    """Say how else a missing paper may be settled."""
    if material is None:
        return ""
    ways = []
    if material.is_shareable:
        ways.append(_("由窗口查数据共享"))
    if material.by_commitment:
        ways.append(_("签承诺书代替"))
    if material.is_deferrable:
        ways.append(_("先办后补"))
    return _("；").join(ways)


def limit_words(limit: Limit) -> str:
    """Say how long a matter may take."""
    if limit.is_instant:
        return _("当场办结")
    if limit.promised_days is None:
        return _("按规定办理")
    words = _("%(days)s 天") if limit.is_calendar else _("%(days)s 个工作日")
    return words % {"days": limit.promised_days}


def _name(item: CatalogueItem, key: str) -> str:
    material = item.material(key)
    return _said(material.name) if material else key


def _said(text: Text) -> str:
    return text.in_language(get_language() or "")
