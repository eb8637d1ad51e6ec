"""Drug lists with prices: checked row by row, shown, then written whole or not at all."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.refusals import ChangedMeanwhile, NotFound
from circle15.accounts.states import Permission
from circle15.accounts.steps import name_of, tell
from circle15.areas import scope
from circle15.core.papers.sheet import text_workbook
from circle15.programme.pharmacies.drug_sheet import COLUMNS, TITLES, DrugRow, read_rows
from circle15.programme.pharmacies.refusals import ListNotClean
from circle15.programme.pharmacies.register import kept_by
from circle15.programme.pharmacy_models import DrugPrice, Pharmacy, PriceList
from circle15.programme.pharmacy_states import ListState

# Wrong rows that are kept to be shown; all are counted, and all stand in the workbook.
_BATCH = 1000


@transaction.atomic
def hand_in(
    *, uid: UUID, name: str, table: Sequence[Sequence[object]], by: Actor, at: datetime
) -> PriceList:
    """Check a table and keep what was found; no price is written yet.

    Raises NotFound, NotAllowed, UnusableSheet.
    """
    shop = kept_by(uid, by=by)
    rows = read_rows(table, on=timezone.localdate(at))
    shop.price_lists.filter(state=ListState.CHECKED).update(
        state=ListState.DROPPED, decided_at=at, decided_by=name_of(by)
    )
    made = PriceList.objects.create(
        pharmacy=shop,
        area_path=shop.area_path,
        name=name[:120],
        rows=[_stored(row) for row in rows],
        count=len(rows),
        unusable=sum(bool(row.problems) for row in rows),
        marked_up=sum(row.is_marked_up for row in rows),
        state=ListState.CHECKED,
        made_at=at,
        made_by=name_of(by),
    )
    new = {"rows": made.count, "unusable": made.unusable, "marked_up": made.marked_up}
    tell("pharmacy.list", shop.uid, shop.area_path, by=by, at=at, **new)
    return made


@transaction.atomic
def apply(*, uid: UUID, with_marked_up: bool, by: Actor, at: datetime) -> PriceList:
    """Write every price of a checked list, or none.

    Rows sold above cost are refused like others that are wrong; an officer may keep them as what
    was found (`with_marked_up`): they then count against the shop.
    Raises NotFound, NotAllowed, ChangedMeanwhile, ListNotClean.
    """
    made = _open_list(uid, by)
    if made.unusable:
        raise ListNotClean
    if made.marked_up:
        if not with_marked_up:
            raise ListNotClean
        demand(by, Permission.MANAGE_PHARMACIES)
    prices = [_price(made, row) for row in made.rows]
    DrugPrice.objects.bulk_create(prices, batch_size=_BATCH)
    _decide(made, ListState.APPLIED, by=by, at=at)
    return made


@transaction.atomic
def drop(*, uid: UUID, by: Actor, at: datetime) -> PriceList:
    """Give a checked list up. Raises NotFound, NotAllowed, ChangedMeanwhile."""
    made = _open_list(uid, by)
    _decide(made, ListState.DROPPED, by=by, at=at)
    return made


def list_by_uid(uid: UUID, *, by: Actor) -> PriceList:
    """Return a list of the actor's area. Raises NotAllowed, NotFound."""
    demand(by, Permission.VIEW_PHARMACIES)
    rows = scope.within(PriceList.objects.select_related("pharmacy"), by.area_path)
    made = rows.filter(uid=uid).first()
    if made is None:
        raise NotFound
    return made


def wrong_rows(made: PriceList) -> list[dict[str, Any]]:
    """Return the wrong rows of a list with their words, in order."""
    return [row for row in made.rows if row["problems"] or row["marked_up"]]


def errors_workbook(uid: UUID, *, by: Actor) -> bytes:
    """Return the wrong rows as they were typed with what is wrong, to be mended and sent again."""
    made = list_by_uid(uid, by=by)
    heads = (*(str(TITLES[name]) for name in COLUMNS), _("行号"), _("错误说明"))
    rows = (
        (
            *(row["cells"].get(name, "") for name in COLUMNS),
            str(row["number"]),
            _("；").join(problems_of(row)),
        )
        for row in wrong_rows(made)
    )
    return text_workbook(_("错误行"), heads, rows)


def template() -> bytes:
    """Return an empty list with its headings."""
    return text_workbook(_("药品清单"), (aliases[0] for aliases in COLUMNS.values()), ())


def problems_of(row: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with a stored row, the mark-up in yuan too."""
    found = list(row["problems"])
    if row["marked_up"]:
        more = Decimal(row["sale"]) - Decimal(row["procurement"])
        found.append(_("销售价高于采购价 %(more)s 元") % {"more": f"{more.normalize():f}"})
    return found


def history_of(shop: Pharmacy, code: str) -> list[DrugPrice]:
    """Return every price of a drug, the newest first."""
    rows = shop.prices.filter(code=code).select_related("price_list")
    return list(rows.order_by("-priced_on", "-id"))


def _open_list(uid: UUID, by: Actor) -> PriceList:
    found = list_by_uid(uid, by=by)
    kept_by(found.pharmacy.uid, by=by)
    # The shop's row is locked: two who decide on one list come one after the other.
    found.refresh_from_db()
    if found.state != ListState.CHECKED:
        raise ChangedMeanwhile
    return found


def _decide(made: PriceList, state: ListState, *, by: Actor, at: datetime) -> None:
    made.state, made.decided_at, made.decided_by = state, at, name_of(by)
    made.save(update_fields=["state", "decided_at", "decided_by"])
    shop = made.pharmacy
    new = {"list": str(made.uid), "rows": made.count, "marked_up": made.marked_up}
    tell(f"pharmacy.list_{state}", shop.uid, shop.area_path, by=by, at=at, **new)


def _stored(row: DrugRow) -> dict[str, object]:
    return {
        "number": row.number,
        "cells": dict(row.cells),
        "problems": list(row.problems),
        "kind": row.kind,
        "procurement": str(row.procurement) if row.procurement is not None else "",
        "sale": str(row.sale) if row.sale is not None else "",
        "priced_on": row.priced_on.isoformat() if row.priced_on else "",
        "marked_up": row.is_marked_up,
    }


def _price(made: PriceList, row: Mapping[str, Any]) -> DrugPrice:
    procurement, sale = Decimal(row["procurement"]), Decimal(row["sale"])
    return DrugPrice(
        pharmacy=made.pharmacy,
        area_path=made.area_path,
        price_list=made,
        code=row["cells"]["code"],
        name=row["cells"]["name"],
        spec=row["cells"].get("spec", ""),
        kind=row["kind"],
        procurement=procurement,
        sale=sale,
        is_marked_up=sale > procurement,
        priced_on=date.fromisoformat(row["priced_on"]),
    )
