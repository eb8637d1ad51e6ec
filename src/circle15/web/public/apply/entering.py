"""Choose what to apply for, see what it takes, and begin or go on.

Who acts for an organisation is shown what organisations apply for, as they are asked about it.
"""

from http import HTTPStatus

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from circle15.accounts.refusals import NotFound, Refused
from circle15.cases import queries
from circle15.cases.actions import intake, papers
from circle15.cases.lines import CaseLine
from circle15.cases.looked_up import by_rule
from circle15.cases.states import CaseState, Channel, Mode
from circle15.items.guiding import clean, tailor
from circle15.items.queries import catalogue_on, item_on
from circle15.standards.case_rules import case_rules
from circle15.standards.catalogue import CatalogueItem
from circle15.standards.organisation_cases import organisation_cases
from circle15.standards.service_items import item_groups
from circle15.web.public.apply.way import PROVED, PROXY, SELF, WHO_COMES, WHO_HANDLES
from circle15.web.shared.access import Request, reads, writes
from circle15.web.shared.insured import (
    Insured,
    InsuredRequest,
    for_insured,
    for_visitors,
    insured_of,
)
from circle15.web.shared.limits import limited
from circle15.web.shared.once import FIELD, new_key

PREFIX = "q-"  # as the guides write answers into an address


@limited
@reads
@for_visitors
def items(request: Request) -> HttpResponse:
    """Show what can be applied for from home, by whoever applies."""
    who = insured_of(request)
    is_organisation = who is not None and who.organisation_uid is not None
    return _items(request, is_organisation=is_organisation)


@limited
@reads
@for_visitors
def organisation_items(request: Request) -> HttpResponse:
    """Show what an organisation can apply for online, and how somebody comes to act for it."""
    return _items(request, is_organisation=True)


def _items(request: Request, *, is_organisation: bool) -> HttpResponse:
    catalogue = catalogue_on(timezone.localdate())
    groups = [
        (group, [each for each in catalogue.of_group(group.key) if _is_for(each, is_organisation)])
        for group in item_groups()
    ]
    context = {"groups": [each for each in groups if each[1]], "is_organisation": is_organisation}
    return render(request, "public/apply/items.html", context)


@limited
@reads
@for_visitors
def start(request: Request, item: str) -> HttpResponse:
    """Say what it takes before anybody signs in, and where to go if it can't be done from home."""
    return _start(request, item_on(item, timezone.localdate()))


# Clauses: Q-51
@writes
@for_insured
def begin(request: InsuredRequest, item: str) -> HttpResponse:
    """Open the application, or go on with the one begun before."""
    found = item_on(item, timezone.localdate())
    if not is_offered(found, request.insured):
        raise NotFound
    former = _draft_of(request, found.key)
    if former is not None and "anew" not in request.POST:
        return redirect("apply_case", former.uid)
    try:
        opened = _open(request, found)
    except NotFound:
        raise
    except Refused as refusal:
        return _start(request, found, refusal=str(refusal))
    return redirect("apply_case", opened.uid)


def is_offered(item: CatalogueItem, who: Insured | None) -> bool:
    """Tell whether the one whose business is being done can apply from home."""
    return _is_for(item, who is not None and who.organisation_uid is not None)


def _is_for(item: CatalogueItem, is_organisation: bool) -> bool:  # noqa: FBT001 -- of two kinds
    return item.is_online_for_organisations if is_organisation else item.is_online


def _asked(item: CatalogueItem, who: Insured | None) -> CatalogueItem:
    """Return an item as whoever applies is asked about it."""
    is_organisation = who is not None and who.organisation_uid is not None
    return organisation_cases().item(item) if is_organisation else item


def _open(request: InsuredRequest, offered: CatalogueItem) -> CaseLine:
    who, at = request.insured, timezone.now()
    by, item = who.applicant, _asked(offered, who)
    known = organisation_cases().known_answers(item.key) if who.organisation_uid else {}
    answers = clean(item, {**known, **_given(request.POST), **who_comes(request)})
    opened = intake.open_case(
        item_key=item.key,
        channel=Channel(who.signed_in.channel),
        mode=Mode.PROXY if by.person_uid and by.agent_uid else Mode.ORDINARY,
        answers=answers,
        key=request.POST.get(FIELD, "")[:64],
        by=by,
        at=at,
    )
    prove(request, opened, item, answers)
    return opened


def who_comes(request: InsuredRequest) -> dict[str, str]:
    """Answer who comes by who has signed in, and by which mandate."""
    mandate = request.insured.mandate
    if mandate is not None and mandate.organisation_uid is not None:
        return {WHO_HANDLES: mandate.relation.value}
    return {WHO_COMES: PROXY if mandate else SELF}


def prove(
    request: InsuredRequest, opened: CaseLine, item: CatalogueItem, answers: dict[str, str]
) -> None:
    """Note the papers that having signed in stands for."""
    by, at = request.insured.applicant, timezone.now()
    for material in tailor(item, answers).materials:
        if material.key in PROVED:
            how = "shared" if material.is_shareable else "given"
            provider = request.insured.signed_in.provider
            papers.give_material(
                case_uid=opened.uid,
                key=material.key,
                how=how,
                note=proof_of(request, material.key),
                looked_up=by_rule(material, on=timezone.localdate(at), signed_in=provider),
                by=by,
                at=at,
            )


def proof_of(request: InsuredRequest, key: str) -> str:
    """Say what stands for a paper: how somebody signed in, for a letter the mandate."""
    mandate = request.insured.mandate
    if mandate is None or key != organisation_cases().letter.key:
        return request.insured.signed_in.provider
    words = {"day": f"{mandate.until:%F}", "how": mandate.agreed_by.label}
    return gettext("网上经办授权（%(how)s），有效至 %(day)s") % words


def _draft_of(request: InsuredRequest, key: str) -> CaseLine | None:
    lines = queries.mine(by=request.insured.applicant)
    drafts = (each for each in lines if each.state == CaseState.DRAFT and each.item_key == key)
    return next(drafts, None)


def _start(
    request: Request | InsuredRequest, item: CatalogueItem, *, refusal: str = ""
) -> HttpResponse:
    who = insured_of(request)
    is_online, item = is_offered(item, who), _asked(item, who)
    answers = clean(item, _given(request.GET))
    context = {
        "item": item,
        "tailored": tailor(item, answers),
        "kept": [(PREFIX + name, value) for name, value in answers.items()],
        "is_online": is_online,
        "by_handler": item.is_online_for_organisations and (who is None or who.mandate is None),
        "key": new_key(),
        "refusal": refusal,
        "guide": _guide_of(item),
        "kept_days": case_rules().draft_calendar_days,
    }
    status = HTTPStatus.CONFLICT if refusal else HTTPStatus.OK
    return render(request, "public/apply/start.html", context, status=status)


def _given(fields: QueryDict) -> dict[str, str]:
    """Return answers carried over from the guide."""
    return {
        name.removeprefix(PREFIX): str(value)
        for name, value in fields.items()
        if name.startswith(PREFIX)
    }


def _guide_of(item: CatalogueItem) -> str:
    return f"{reverse('guide', args=[item.key])}#where"
