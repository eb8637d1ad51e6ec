"""Price lists of a pharmacy: handed in, looked at row by row, then written whole or not at all."""

from decimal import Decimal
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.states import Permission
from circle15.areas.wording import worded
from circle15.imports.reading import read
from circle15.imports.refusals import FileRefused
from circle15.programme.pharmacies import pricing
from circle15.programme.pharmacies.drug_sheet import MOST_ROWS
from circle15.programme.pharmacies.lists import view
from circle15.programme.pharmacy_states import ACTIVE, ListState
from circle15.standards.pharmacies import pharmacy_rules
from circle15.standards.text import number_text
from circle15.web.bureau.pharmacies.forms import UploadForm
from circle15.web.bureau.services.views import workbook
from circle15.web.shared.access import StaffRequest, reads, requires, writes
from circle15.web.shared.item_words import said
from circle15.web.shared.once import once

if TYPE_CHECKING:
    from circle15.programme.pharmacy_models import PriceList

_PAGE = 50


@reads
@requires(Permission.VIEW_PHARMACIES)
def price_page(request: StaffRequest, pharmacy_uid: UUID) -> HttpResponse:
    """Show the prices of a pharmacy, or with `drug` the history of one drug."""
    return _price_page(request, pharmacy_uid, UploadForm())


@writes
@requires(Permission.VIEW_PHARMACIES)
@once
def hand_in_list(request: StaffRequest, pharmacy_uid: UUID) -> HttpResponse:
    """Check a list and show what was found; no price is written yet."""
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            made = pricing.hand_in(
                uid=pharmacy_uid,
                name=file.name or _("未命名"),
                table=read(file.read())[0].rows,
                by=request.actor,
                at=timezone.now(),
            )
        except (NotFound, NotAllowed):
            raise
        except FileRefused as refusal:
            form.add_error("file", worded(refusal.message))
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            return HttpResponseRedirect(reverse("price_list", args=[made.uid]))
    return _price_page(request, pharmacy_uid, form, HTTPStatus.UNPROCESSABLE_ENTITY)


@reads
@requires(Permission.VIEW_PHARMACIES)
def checked(request: StaffRequest, price_list_uid: UUID) -> HttpResponse:
    """Show what was found in a list: every wrong row, and what may be done."""
    return _checked(request, price_list_uid)


@writes
@requires(Permission.VIEW_PHARMACIES)
@once
def decide(request: StaffRequest, price_list_uid: UUID, act: str) -> HttpResponse:
    """Write a list (`apply`, with the marked-up rows as found: `record`) or give it up (`drop`)."""
    given: dict[str, Any] = {"uid": price_list_uid, "by": request.actor, "at": timezone.now()}
    if act not in {"apply", "record", "drop"}:
        raise Http404
    try:
        if act == "drop":
            made = pricing.drop(**given)
        else:
            made = pricing.apply(with_marked_up=act == "record", **given)
    except (NotFound, NotAllowed):
        raise
    except Refused as refusal:
        return _checked(request, price_list_uid, str(refusal), HTTPStatus.CONFLICT)
    told = _("已放弃，没有写入。") if act == "drop" else _("已写入 %s 种药品的价格。") % made.count
    messages.success(request, told)
    return HttpResponseRedirect(reverse("pharmacy_prices", args=[made.pharmacy.uid]))


@reads
@requires(Permission.VIEW_PHARMACIES)
def errors_file(request: StaffRequest, price_list_uid: UUID) -> HttpResponse:
    """Hand out the wrong rows with what is wrong, to be mended and sent again."""
    content = pricing.errors_workbook(price_list_uid, by=request.actor)
    return workbook(content, "circle15-price-errors.xlsx")


@reads
@requires(Permission.VIEW_PHARMACIES)
def template_file(request: StaffRequest) -> HttpResponse:  # noqa: ARG001 -- the same for everybody
    """Hand out the empty list."""
    return workbook(pricing.template(), "circle15-drugs.xlsx")


def _price_page(
    request: StaffRequest, uid: UUID, form: UploadForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    shown = view(uid, by=request.actor, at=timezone.now())
    drug = request.GET.get("drug", "")
    kinds = {key: said(kind.name) for key, kind in pharmacy_rules().drug_kinds.items()}
    prices = pricing.history_of(shown.shop, drug) if drug else list(shown.standing.prices)
    page = Paginator(prices, _PAGE).get_page(request.GET.get("page"))
    open_list = shown.shop.price_lists.filter(state=ListState.CHECKED).first()
    context = {
        "shop": shown.shop,
        "form": form,
        "can_hand_in": shown.keeps and shown.shop.state in ACTIVE,
        "drug": prices[0] if drug and prices else None,
        "page": page,
        "rows": [
            (row, kinds[row.kind], _yuan(row.procurement), _yuan(row.sale))
            for row in page.object_list
        ],
        "open_list": open_list,
        "most": f"{MOST_ROWS:,}",
        "synthetic": shown.shop.is_synthetic,
    }
    return render(request, "bureau/pharmacies/prices.html", context, status=status)


def _checked(
    request: StaffRequest, uid: UUID, refusal: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    made = pricing.list_by_uid(uid, by=request.actor)
    wrong = pricing.wrong_rows(made)
    shown = view(made.pharmacy.uid, by=request.actor, at=timezone.now())
    context = {
        "made": made,
        "shop": made.pharmacy,
        "wrong": [{"row": row, "problems": pricing.problems_of(row)} for row in wrong],
        "refusal": refusal,
        "right": made.count - len(wrong),
        "state": ListState(made.state).label,
        **_choices(request, made, keeps=shown.keeps),
        "synthetic": made.pharmacy.is_synthetic,
    }
    return render(request, "bureau/pharmacies/checked.html", context, status=status)


def _yuan(price: Decimal) -> str:
    """Write a price with two places, or with what it has beyond them."""
    plain = number_text(price)
    return plain if len(plain.partition(".")[2]) > 2 else f"{price:.2f}"  # noqa: PLR2004 -- cents


def _choices(request: StaffRequest, made: "PriceList", *, keeps: bool) -> dict[str, bool]:
    is_open = keeps and made.state == ListState.CHECKED
    can_record = request.actor.can(Permission.MANAGE_PHARMACIES)
    return {
        "can_drop": is_open,
        "can_apply": is_open and not made.unusable and not made.marked_up,
        "can_record": is_open and not made.unusable and bool(made.marked_up) and can_record,
    }
