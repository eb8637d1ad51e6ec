"""Taking a case in: opened, filled, submitted, accepted or not."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import get_language

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import NotFound
from circle15.accounts.states import Permission
from circle15.areas import scope
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases import seeing
from circle15.cases.actions import clocks, papers
from circle15.cases.actions.life import (
    advance,
    begin,
    day_of,
    locked,
    move_of,
    name_of,
    own,
    said,
    tell,
    user_of,
)
from circle15.cases.actions.numbers import county_of, next_number
from circle15.cases.actions.routing import must_be_sent_up, office_of
from circle15.cases.catalogue import asked_of, item_of, tailored
from circle15.cases.documents.issuing import issue
from circle15.cases.lines import CaseLine, line_of
from circle15.cases.models import Case
from circle15.cases.paper_states import PaperKind
from circle15.cases.parties import Applicant, By
from circle15.cases.refusals import (
    NeedsAgent,
    NeedsBasis,
    NeedsPerson,
    NoCase,
    NotAuthorised,
    NotEligible,
    NotOnline,
    OtherContents,
    PapersMissing,
    QuestionsOpen,
    SiteNotOpen,
    WrongApplicant,
)
from circle15.cases.sealing import seal_form
from circle15.cases.states import CaseState, Channel, ClockKind, Mode, Party, Step
from circle15.items.authority import authority_of
from circle15.items.guiding import clean
from circle15.items.queries import catalogue_on
from circle15.ledger.people.looking import organisation_anywhere, person_anywhere
from circle15.ledger.people.sealing import masked
from circle15.ledger.people.states import Field
from circle15.sites.models import Site
from circle15.sites.states import SiteKind, SiteStatus
from circle15.standards.case_rules import case_rules
from circle15.standards.catalogue import Authority, CatalogueItem
from circle15.standards.organisation_cases import organisation_cases

_ONLINE = (Channel.WEB, Channel.APP)
# A window in somebody else's house is a channel of its own.
_AT_PARTNERS = {
    SiteKind.BANK_OUTLET: Channel.BANK,
    SiteKind.HOSPITAL_STATION: Channel.HOSPITAL,
    SiteKind.PHARMACY: Channel.PHARMACY,
    SiteKind.VILLAGE_POINT: Channel.VILLAGE,
}


# Clauses: D-06, Q-25, Q-52
def open_case(  # noqa: PLR0913 -- what an application consists of
    *,
    item_key: str,
    by: By,
    at: datetime,
    person_uid: UUID | None = None,
    organisation_uid: UUID | None = None,
    agent_uid: UUID | None = None,
    site_code: str | None = None,
    channel: str = Channel.WINDOW,
    mode: str = Mode.ORDINARY,
    answers: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
    ticket_uid: UUID | None = None,
    key: str = "",
) -> CaseLine:
    """Open a case at a window, or online by the person; the same key again is the same case.

    The place must have a part in the item (city-wide: whoever the person is). For an organisation
    `agent_uid` is who comes for it. Raises NotAllowed, NotFound, NoCase, NotAuthorised, NotOnline,
    SiteNotOpen, NeedsPerson, NeedsAgent, WrongApplicant, OtherContents.
    """
    if isinstance(by, Applicant):
        person_uid, agent_uid = by.person_uid, by.agent_uid
        organisation_uid = by.organisation_uid
        channel = Channel.WEB if channel == Channel.WINDOW else channel
    else:
        demand(by, Permission.TAKE_IN)
    case = draft(by, at, key, item_key=item_key, channel=Channel(channel), mode=Mode(mode))
    case.person_uid, case.organisation_uid = person_uid, organisation_uid
    case.agent_uid, case.ticket_uid = agent_uid, ticket_uid
    with transaction.atomic():
        site = site_of(site_code, by)
        with area_scope(EVERYWHERE):
            opened = begun(case, site, answers=answers or {}, form=form or {}, by=by, at=at)
            if opened is case:
                papers.arrange(case, by=by, at=at)
            return line_of(opened)


def draft(by: By, at: datetime, key: str, **fields: Any) -> Case:
    """Return a case that is not saved yet."""
    return Case(
        state=CaseState.DRAFT,
        since=at,
        opened_at=at,
        urgent_on=day_of(at),
        once_holder=_holder(by) if key else "",
        once_key=key,
        language=_language(by),
        **fields,
    )


def begun(  # noqa: PLR0913 -- what an application consists of
    case: Case,
    site: Site | None,
    *,
    answers: Mapping[str, str],
    form: Mapping[str, str],
    by: By,
    at: datetime,
) -> Case:
    """Save a new case where it comes in, or return the one that came before with the same key."""
    former = _former(case)
    if former is not None:
        return former
    _name_people(case)
    item = asked_of(case, _place(case, site, by=by, at=at))
    known = organisation_cases().known_answers(item.key) if case.organisation_uid else {}
    case.answers = clean(item, {**known, **answers})
    case.form_sealed = seal_form(form, case_uid=case.uid)
    try:
        with transaction.atomic():
            begin(case, by=by, at=at)
    except IntegrityError:
        former = _former(case)
        if former is None:
            raise
        return former
    return case


def answer(*, case_uid: UUID, answers: Mapping[str, str], by: By, at: datetime) -> CaseLine:
    """Keep what the person answered: which papers are asked for follows from it.

    Raises NotFound, NotYours, WrongState.
    """
    with locked(case_uid, by) as case:
        papers.demand_editable(case, by)
        case.answers = clean(item_of(case), {**case.answers, **answers})
        case.save(update_fields=["answers"])
        papers.arrange(case, by=by, at=at)
        tell(case, "answer_questions", by=by, at=at, answers=case.answers)
        return line_of(case)


def fill(*, case_uid: UUID, form: Mapping[str, str], by: By, at: datetime) -> CaseLine:
    """Keep what was filled in, sealed; the trail names the fields only.

    Raises NotFound, NotYours, WrongState.
    """
    with locked(case_uid, by) as case:
        papers.demand_editable(case, by)
        case.form_sealed = seal_form(form, case_uid=case.uid)
        case.save(update_fields=["form_sealed"])
        tell(case, "fill", by=by, at=at, fields=sorted(form))
        return line_of(case)


def submit(*, case_uid: UUID, by: By, at: datetime, receipt: str = "") -> CaseLine:
    """Hand a case in: it gets its number, and where all papers are there the proxy clock begins.

    At home every required paper must be there, or be one that may follow. Raises NotFound,
    NotYours, WrongState, QuestionsOpen, NotEligible, PapersMissing.
    """
    with locked(case_uid, by, receipt=receipt) as case:
        move_of(case, Step.SUBMIT, by, has_receipt=bool(receipt))
        demand_answered(case, by)
        lacking = papers.missing(case)
        if isinstance(by, Applicant):
            _demand_papers(case, [row.key for row in lacking])
        hand_in(case, is_complete=not lacking, by=by, at=at, has_receipt=bool(receipt))
        return line_of(case)


def hand_in(
    case: Case, *, is_complete: bool, by: By, at: datetime, has_receipt: bool = False
) -> None:
    """Do what every submission does: the number, and the clock of who has to hand it up."""
    case.submitted_at = case.submitted_at or at
    case.urgent_on = day_of(at)
    note_complete(case, is_complete=is_complete, at=at)
    case.number = case.number or next_number(case.area_path, day_of(at))
    advance(case, Step.SUBMIT, by=by, at=at, has_receipt=has_receipt)


def accept(*, case_uid: UUID, by: Actor, at: datetime) -> CaseLine:
    """Accept a complete case: the clocks of its time limit begin, the back office has it.

    Raises NotFound, NotYours, WrongState, NotAuthorised, PapersMissing.
    """
    with locked(case_uid, by, wide=True) as case:
        move_of(case, Step.ACCEPT, by)
        lacking = papers.missing(case)
        if lacking:
            raise PapersMissing(papers.names_of(case, lacking))
        take(case, by=by, at=at)
        return line_of(case)


def take(case: Case, *, by: Actor, at: datetime) -> None:
    """Accept a case whose papers are all there; inside the scope of everywhere."""
    office = take_over(case, by=by, at=at)
    advance(case, Step.ACCEPT, by=by, at=at, to_path=office, due_on=case.due_on)


def refuse_intake(*, case_uid: UUID, basis: str, by: Actor, at: datetime) -> CaseLine:
    """Refuse to take a case in, with the rule that says so (不予受理).

    Raises NotFound, NotYours, WrongState, NeedsBasis.
    """
    with locked(case_uid, by) as case:
        move_of(case, Step.NOT_ACCEPT, by)
        if not said(basis):
            raise NeedsBasis
        case.basis = said(basis)
        clocks.void(case, on=day_of(at), at=at)
        advance(case, Step.NOT_ACCEPT, by=by, at=at, note=case.basis)
        issue(case, PaperKind.NOT_TAKEN_IN, by=by, at=at)
        return line_of(case)


def take_over(case: Case, *, by: Actor, at: datetime) -> str:
    """Do what every acceptance does: give it an owner, begin its clocks; return where it goes.

    Raises NotAuthorised where a place that only assists wants to accept.
    """
    is_handler = Party.HANDLER in seeing.parties_of(by, case)
    if case.authority == Authority.ASSIST and not is_handler:
        raise NotAuthorised
    item, on = item_of(case), day_of(at)
    case.accepted_at = at
    own(case, user_id=user_of(by), name=name_of(by))
    office = case.handler_path
    if not office and not must_be_sent_up(case):
        office = office_of(case, item).path
    if office and not (is_handler or office == case.area_path):
        case.owner_id, case.owner_name = None, ""
    begin_limits(case, item, on=on)
    return office


def begin_limits(case: Case, item: CatalogueItem, *, on: date) -> None:
    """Begin the clocks of an item's limits; the day itself is not counted."""
    limit = item.limit
    promised = 0 if limit.is_instant else limit.promised_days
    if case.channel in _ONLINE and limit.online_days is not None:
        promised = limit.online_days
    limits = {ClockKind.PROMISED: promised, ClockKind.STATUTORY: limit.statutory_days}
    known = {kind: days for kind, days in limits.items() if days is not None}
    clocks.begin(case, known, on=on, is_calendar=limit.is_calendar)


def note_complete(case: Case, *, is_complete: bool, at: datetime) -> None:
    """Note from when on all papers were there; who has to hand them up has 3 days from then."""
    if not is_complete or case.complete_at is not None:
        return
    case.complete_at = at
    if must_be_sent_up(case):
        clocks.begin(case, {ClockKind.PROXY: case_rules().proxy_days}, on=day_of(at))


def site_of(site_code: str | None, by: By) -> Site | None:
    """Return the open site a case is taken in at. Raises NotFound, SiteNotOpen."""
    if site_code is None:
        return None
    rows = Site.objects.select_related("division").filter(code=site_code)
    if isinstance(by, Actor):
        site = scope.within(rows, by.area_path).first()
    else:
        with area_scope(EVERYWHERE):
            site = rows.first()
    if site is None:
        raise NotFound
    if site.status != SiteStatus.OPEN:
        raise SiteNotOpen
    return site


def _place(case: Case, site: Site | None, *, by: By, at: datetime) -> CatalogueItem:
    """Put a case where it comes in. Raises NotFound, NoCase, NotAuthorised, NotOnline."""
    catalogue = catalogue_on(day_of(at))
    item = catalogue.items.get(case.item_key)
    if item is None:
        raise NotFound
    if not item.is_case:
        raise NoCase
    case.item_version_id = catalogue.versions[item.key]
    if site is None:
        _place_online(case, item, by)
    else:
        case.site, case.site_name, case.area_path = site, site.name, site.area_path
        found = authority_of(item, level=site.division.level, kind=site.kind)
        if found == Authority.NONE:
            raise NotAuthorised
        case.authority = found
        _demand_applicant(case, item)
        if case.channel == Channel.WINDOW:
            case.channel = _AT_PARTNERS.get(SiteKind(site.kind), Channel.WINDOW)
    if isinstance(by, Actor):
        own(case, user_id=user_of(by), name=name_of(by))
    return item


def _demand_applicant(case: Case, item: CatalogueItem) -> None:
    if case.organisation_uid is not None and not item.is_for_organisations:
        raise WrongApplicant.person_wanted()
    if case.organisation_uid is None and not item.is_for_people:
        raise WrongApplicant.organisation_wanted()


def _place_online(case: Case, item: CatalogueItem, by: By) -> None:
    if isinstance(by, Actor):
        raise NotAuthorised
    _demand_applicant(case, item)
    is_online = item.is_online_for_organisations if case.organisation_uid else item.is_online
    if not is_online:
        raise NotOnline
    case.area_path = county_of(case.person_path)
    case.handler_path = office_of(case, item).path


def _name_people(case: Case) -> None:
    """Copy masked names and the home area: the person's own row may be out of everybody's sight."""
    if case.person_uid is None and case.organisation_uid is None:
        raise NeedsPerson
    if case.person_uid is not None:
        person = person_anywhere(case.person_uid)
        case.person_name, case.person_path = masked(person, Field.NAME), person.area_path
        case.is_synthetic = person.is_synthetic
    if case.organisation_uid is not None:
        if case.agent_uid is None:
            raise NeedsAgent
        organisation = organisation_anywhere(case.organisation_uid)
        case.organisation_name = organisation.name
        case.person_path = case.person_path or organisation.area_path
        case.is_synthetic = case.is_synthetic or organisation.is_synthetic
    if case.agent_uid is not None:
        case.agent_name = masked(person_anywhere(case.agent_uid), Field.NAME)


def _former(case: Case) -> Case | None:
    """Return what the same key opened before. Raises OtherContents."""
    if not case.once_key:
        return None
    rows = Case.objects.filter(once_holder=case.once_holder, once_key=case.once_key)
    former = rows.first()
    if former is None:
        return None
    whose = ("item_key", "person_uid", "organisation_uid")
    if any(getattr(former, name) != getattr(case, name) for name in whose):
        raise OtherContents
    return former


def _holder(by: By) -> str:
    if isinstance(by, Applicant):
        return f"person:{by.self_uid}"
    return f"user:{by.user_id}:{by.area_path}"


def _language(by: By) -> str:
    """Return the language of who fills it in at home; a clerk's says nothing of the person."""
    is_english = isinstance(by, Applicant) and (get_language() or "").startswith("en")
    return "en" if is_english else "zh-hans"


def demand_answered(case: Case, by: By) -> None:
    made = tailored(case)
    if made.open_questions and made.verdict != "no":
        raise QuestionsOpen
    if made.verdict == "no" and isinstance(by, Applicant):
        language = get_language() or ""
        raise NotEligible([reason.in_language(language) for reason in made.reasons])


def _demand_papers(case: Case, keys: list[str]) -> None:
    """Raise PapersMissing for papers that may not follow later."""
    item = item_of(case)
    language = get_language() or ""
    late = [
        material.name.in_language(language)
        for material in item.materials
        if material.key in keys
        and not (material.is_deferrable and item.is_conditional_intake_allowed)
    ]
    if late:
        raise PapersMissing(late)
