"""From the decision to the result in hand, and what the person may do: withdraw, appeal."""

import re
from datetime import datetime, timedelta
from uuid import UUID

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotFound
from circle15.areas import scope
from circle15.cases.actions import clocks, promises
from circle15.cases.actions.life import (
    advance,
    day_of,
    locked,
    move_of,
    name_of,
    reason_of,
    said,
)
from circle15.cases.actions.signing import keep_signature
from circle15.cases.catalogue import item_of
from circle15.cases.documents.issuing import issue, issue_result
from circle15.cases.lines import CaseLine, line_of
from circle15.cases.models import Case, Delivery
from circle15.cases.paper_models import Signature
from circle15.cases.paper_states import PaperKind, Signed
from circle15.cases.parties import Applicant, By
from circle15.cases.refusals import NeedsTracking, NotAuthorised, NotRefused, TooLateToAppeal
from circle15.cases.states import ClockKind, DeliveryWay, Outcome, PromiseState, Step
from circle15.items.authority import authority_of
from circle15.sites.models import Site
from circle15.standards.case_rules import case_rules
from circle15.standards.catalogue import Authority

_TRACKING = re.compile(r"[A-Za-z0-9]{8,40}", re.ASCII)


def ready(*, case_uid: UUID, by: Actor, at: datetime) -> CaseLine:
    """Note that the result is made and can be had. Raises NotFound, NotYours, WrongState."""
    with locked(case_uid, by) as case:
        prepare(case, by=by, at=at)
        return line_of(case)


def prepare(case: Case, *, by: Actor, at: datetime) -> None:
    suffix = f"-R{case.appeals + 1}" if case.appeals else "-R"
    case.result_number = f"{case.number}{suffix}"
    advance(case, Step.PREPARE, by=by, at=at, result=case.result_number)
    issue_result(case, by=by, at=at)


def deliver(  # noqa: PLR0913 -- the ways of a delivery
    *,
    case_uid: UUID,
    way: str,
    by: Actor,
    at: datetime,
    tracking: str = "",
    note: str = "",
    site_code: str | None = None,
    receipt: str = "",
) -> CaseLine:
    """Give the result out: at any window that may serve the item, by post, online, to the account.

    At a window elsewhere the person shows the receipt, whose secret comes along. Raises NotFound,
    NotYours, WrongState, NeedsTracking, NotAuthorised.
    """
    site = _window(site_code, by)
    with locked(case_uid, by, receipt=receipt) as case:
        if site is not None:
            level, kind = site.division.level, site.kind
            if authority_of(item_of(case), level=level, kind=kind) == Authority.NONE:
                raise NotAuthorised
        hand_out(
            case,
            DeliveryWay(way),
            site_name=site.name if site else case.site_name,
            tracking=tracking,
            note=note,
            by=by,
            at=at,
            has_receipt=bool(receipt),
        )
        return line_of(case)


def hand_out(  # noqa: PLR0913 -- the ways of a delivery
    case: Case,
    way: DeliveryWay,
    *,
    by: By,
    at: datetime,
    site_name: str = "",
    tracking: str = "",
    note: str = "",
    has_receipt: bool = False,
) -> None:
    move_of(case, Step.DELIVER, by, has_receipt=has_receipt)
    number = tracking.strip()
    if way == DeliveryWay.POST and not _TRACKING.fullmatch(number):
        raise NeedsTracking
    Delivery.objects.create(
        case=case,
        way=way,
        site_name=site_name if way == DeliveryWay.WINDOW else "",
        tracking=number if way == DeliveryWay.POST else "",
        note=said(note)[:200],
        delivered_at=at,
        delivered_by=name_of(by),
    )
    case.delivered_at = at
    advance(case, Step.DELIVER, by=by, at=at, has_receipt=has_receipt, way=way, site=site_name)


def sign_receipt(  # noqa: PLR0913 -- who took it, and the signature
    *,
    case_uid: UUID,
    by: By,
    at: datetime,
    signed_by: str = "",
    signature: bytes | None = None,
    receipt: str = "",
) -> CaseLine:
    """Note that the person, or the "agent", has the result; a signature is kept sealed.

    Raises NotFound, NotYours, WrongState, EmptySignature, ledger.files.UnsafeFile.
    """
    with locked(case_uid, by, receipt=receipt) as case:
        move_of(case, Step.SIGN, by, has_receipt=bool(receipt))
        proof = None
        if signature is not None:
            proof = _signed(case, signature, signed_by, by=by, at=at)
        last = Delivery.objects.filter(case=case).order_by("-id").first()
        if last is not None:
            last.signed_at, last.signed_by = at, _signer(case, by, signed_by)
            last.save(update_fields=["signed_at", "signed_by"])
        advance(
            case,
            Step.SIGN,
            by=by,
            at=at,
            has_receipt=bool(receipt),
            signer=proof.signer if proof else "",
            sha256=proof.sha256 if proof else "",
            sm3=proof.sm3 if proof else "",
        )
        issue(case, PaperKind.DELIVERY, by=by, at=at)
        return line_of(case)


def _signed(case: Case, signature: bytes, signed_by: str, *, by: By, at: datetime) -> Signature:
    """Keep a signature given on a screen."""
    is_agent = bool(by.agent_uid) if isinstance(by, Applicant) else signed_by == "agent"
    return keep_signature(case, signature, of=Signed.RESULT, is_agent=is_agent, by=by, at=at)


def withdraw(
    *, case_uid: UUID, by: By, at: datetime, reason: str = "", receipt: str = ""
) -> CaseLine:
    """End a case the person no longer wants, before it is decided.

    Raises NotFound, NotYours, WrongState.
    """
    with locked(case_uid, by, receipt=receipt) as case:
        move_of(case, Step.WITHDRAW, by, has_receipt=bool(receipt))
        clocks.void(case, on=day_of(at), at=at)
        promises.end(case, PromiseState.ENDED, at=at)
        why = said(reason)
        advance(case, Step.WITHDRAW, by=by, at=at, note=why, has_receipt=bool(receipt))
        return line_of(case)


def appeal(*, case_uid: UUID, reason: str, by: By, at: datetime, receipt: str = "") -> CaseLine:
    """Have a refusal looked at again: by somebody else, and by two.

    Once, within the days the law gives. Raises NotFound, NotYours, WrongState, NeedsReason,
    NotRefused, TooLateToAppeal.
    """
    with locked(case_uid, by, receipt=receipt) as case:
        move_of(case, Step.APPEAL, by, has_receipt=bool(receipt))
        why, rules = reason_of(reason), case_rules()
        if case.outcome != Outcome.REFUSED or case.appeals:
            raise NotRefused
        assert case.delivered_at is not None
        last = day_of(case.delivered_at) + timedelta(days=rules.appeal_calendar_days)
        if day_of(at) > last:
            raise TooLateToAppeal(rules.appeal_calendar_days)
        refused = {"outcome": case.outcome, "basis": case.basis}
        _reopen(case, days=rules.appeal_handling_days, at=at)
        has_receipt = bool(receipt)
        advance(case, Step.APPEAL, by=by, at=at, note=why, has_receipt=has_receipt, former=refused)
        return line_of(case)


def _reopen(case: Case, *, days: int, at: datetime) -> None:
    """Begin anew, with a clock of its own; who decided stays known, so as not to decide again."""
    case.appeals += 1
    case.outcome, case.basis, case.decision_note = "", "", ""
    case.decided_at, case.delivered_at, case.closed_at = None, None, None
    case.owner_id, case.owner_name = None, ""
    case.covered_id, case.covered_name = None, ""
    clocks.begin(case, {ClockKind.PROMISED: days}, on=day_of(at))


def _window(site_code: str | None, by: Actor) -> Site | None:
    """Return the site of the actor's area a result is handed out at. Raises NotFound."""
    if site_code is None:
        return None
    rows = Site.objects.select_related("division").filter(code=site_code)
    site = scope.within(rows, by.area_path).first()
    if site is None:
        raise NotFound
    return site


def _signer(case: Case, by: By, signed_by: str) -> str:
    """Name who took it, masked: the agent, or whose case it is."""
    is_agent = bool(by.agent_uid) if isinstance(by, Applicant) else signed_by == "agent"
    return case.agent_name if is_agent else case.organisation_name or case.person_name
