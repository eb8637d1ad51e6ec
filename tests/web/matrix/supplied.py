"""A pharmacy with a price list, and an agreement with an outlet, of each place."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from tests.factories import AT

from circle15.accounts.models import Organisation
from circle15.programme.partner_models import Agreement, Outlet, OutletCheck
from circle15.programme.pharmacy_models import Pharmacy, PharmacyEvent, PriceList

if TYPE_CHECKING:
    from tests.web.matrix.world import Place


def supplied(place: "Place") -> None:
    """Enter a shop that is about to go, with a checked list, and agree with a bank."""
    whose = {"area_path": place.path}
    shop = Pharmacy.objects.create(
        code=f"P{place.number:011}",
        name=place.says("shop"),
        division=place.division,
        site=place.site,
        sort_key=place.word,
        lon="121.655",
        lat="31.811",
        state="leaving",
        selected_on=AT.date(),
        **whose,
    )
    PharmacyEvent.objects.create(
        pharmacy=shop,
        step="propose_removal",
        state="leaving",
        at=AT,
        actor_name="x",
        note=place.says("reason"),
        **whose,
    )
    row = {"number": 2, "cells": {"code": "1", "name": place.says("drug")}, "problems": ["x"]}
    made = PriceList.objects.create(
        pharmacy=shop,
        name="x",
        rows=[row | {"marked_up": False}],
        count=1,
        unusable=1,
        marked_up=0,
        state="checked",
        made_at=AT,
        made_by="x",
        **whose,
    )
    place.arguments |= {"pharmacy_uid": shop.uid, "price_list_uid": made.uid}
    _agreed(place, whose)


def _agreed(place: "Place", whose: dict[str, str]) -> None:
    agreement = Agreement.objects.create(
        organisation=Organisation.objects.get(pk=place.arguments["organisation"]),
        partner_name=place.says("partner"),
        kind="bank",
        number=place.code("agreed"),
        starts_on=date(2026, 1, 1),
        ends_on=timezone.localdate() + timedelta(days=99),
        made_at=AT,
        made_by="x",
        **whose,
    )
    place.arguments["agreement_uid"] = agreement.uid
    if place.site is None:
        return
    outlet = Outlet.objects.create(
        agreement=agreement, site=place.site, since=date(2026, 1, 1), **whose
    )
    OutletCheck.objects.create(
        outlet=outlet,
        checked_on=AT.date(),
        met=[],
        is_met=False,
        note=place.says("outlet"),
        recorded_at=AT,
        recorded_by="x",
        **whose,
    )
