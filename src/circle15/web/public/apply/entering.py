"""Choose what to apply for, see what it takes, and begin or go on."""

from http import HTTPStatus

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from circle15.accounts.refusals import NotFound, Refused
from circle15.cases import queries
from circle15.cases.actions import intake, papers
from circle15.cases.lines import CaseLine
from circle15.cases.states import CaseState, Channel, Mode
from circle15.items.guiding import clean, tailor
from circle15.items.queries import catalogue_on, item_on
from circle15.standards.case_rules import case_rules
from circle15.standards.catalogue import CatalogueItem
from circle15.standards.service_items import item_groups
from circle15.web.public.apply.way import PROVED, PROXY, SELF, WHO_COMES
from circle15.web.shared.access import Request, open_to_all, reads, writes
from circle15.web.shared.insured import InsuredRequest, for_insured
from circle15.web.shared.limits import limited
from circle15.web.shared.once import FIELD, new_key

PREFIX = "q-"  # as the guides write answers into an address


@limited
@reads
@open_to_all
def items(request: Request) -> HttpResponse:
    """Show what can be applied for from home."""
    catalogue = catalogue_on(timezone.localdate())
    groups = [
        (group, [item for item in catalogue.of_group(group.key) if item.is_online])
        for group in item_groups()
    ]
    context = {"groups": [each for each in groups if each[1]]}
    return render(request, "public/apply/items.html", context)


@limited
@reads
@open_to_all
def start(request: Request, item: str) -> HttpResponse:
    """Say what it takes before anybody signs in, and where to go if it can't be done from home."""
    found = item_on(item, timezone.localdate())
    return _start(request, found)


@writes
@for_insured
def begin(request: InsuredRequest, item: str) -> HttpResponse:
    """Open the application, or go on with the one begun before."""
    found = item_on(item, timezone.localdate())
    if not found.is_online:
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


def _open(request: InsuredRequest, item: CatalogueItem) -> CaseLine:
    by, at = request.insured.applicant, timezone.now()
    given = _given(request.POST)
    answers = clean(item, given | who_comes(request))
    opened = intake.open_case(
        item_key=item.key,
        person_uid=by.person_uid,
        agent_uid=by.agent_uid,
        channel=Channel.WEB,
        mode=Mode.PROXY if by.agent_uid else Mode.ORDINARY,
        answers=answers,
        key=request.POST.get(FIELD, "")[:64],
        by=by,
        at=at,
    )
    prove(request, opened, item, answers)
    return opened


def who_comes(request: InsuredRequest) -> dict[str, str]:
    """Answer who comes by who has signed in."""
    return {WHO_COMES: PROXY if request.insured.applicant.agent_uid else SELF}


def prove(
    request: InsuredRequest, opened: CaseLine, item: CatalogueItem, answers: dict[str, str]
) -> None:
    """Note the papers that having signed in stands for."""
    by, at = request.insured.applicant, timezone.now()
    for material in tailor(item, answers).materials:
        if material.key in PROVED:
            how = "shared" if material.is_shareable else "given"
            note = request.insured.signed_in.provider
            papers.give_material(
                case_uid=opened.uid, key=material.key, how=how, note=note, by=by, at=at
            )


def _draft_of(request: InsuredRequest, key: str) -> CaseLine | None:
    lines = queries.mine(by=request.insured.applicant)
    drafts = (each for each in lines if each.state == CaseState.DRAFT and each.item_key == key)
    return next(drafts, None)


def _start(
    request: Request | InsuredRequest, item: CatalogueItem, *, refusal: str = ""
) -> HttpResponse:
    answers = clean(item, _given(request.GET))
    context = {
        "item": item,
        "tailored": tailor(item, answers),
        "kept": [(PREFIX + name, value) for name, value in answers.items()],
        "is_online": item.is_online,
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
