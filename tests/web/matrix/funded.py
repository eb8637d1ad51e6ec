"""Money of a site: a round of its own, a receipt in its books, and a use that waits."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.factories import AT

from circle15.programme.funds.posting import book
from circle15.programme.funds_models import FundMove, FundRound

if TYPE_CHECKING:
    from tests.web.matrix.world import Place


def funded(place: "Place") -> None:
    """Give a site money. Divisions have none: a round is also shown to everybody below."""
    if place.site is None:
        return
    of = FundRound.objects.create(
        name="2026年",
        area_path=place.path,
        begins_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
        made_at=AT,
        made_by="x",
    )
    about = {
        "round": of,
        "area_path": place.path,
        "site": place.site,
        "source": "own",
        "dated_on": AT.date(),
        "proposed_at": AT,
        "proposed_by": place.says("recorder"),
    }
    came = FundMove.objects.create(
        **about,
        key=place.code("receipt"),
        kind="receipt",
        counts_as="receipt",
        to_path=place.path,
        amount=Decimal("500.00"),
        number=place.says("voucher"),
        state="approved",
        judged_at=AT,
        judged_by="x",
        booked_on=AT.date(),
    )
    book(came, on=AT.date())
    use = FundMove.objects.create(
        **about,
        key=place.code("use"),
        kind="use",
        counts_as="use",
        from_path=place.path,
        amount=Decimal("12.34"),
        purpose="running",
        number="1",
        payee=place.says("payee"),
        file_digest="0" * 64,
    )
    place.arguments |= {"fund_uid": use.uid, "fund_round_uid": of.uid}
