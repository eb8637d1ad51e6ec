"""A city, a county and two sites that move money, and the papers they move it with."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import count

from tests import factories
from tests.factories import AT

from circle15.accounts.actors import Actor, actor_of
from circle15.accounts.states import Role
from circle15.areas.scope import area_scope
from circle15.core.ciphers import sm3
from circle15.ledger.files import CheckedFile
from circle15.programme.funds.judging import judge
from circle15.programme.funds.proposing import Wanted, open_round, propose, propose_reversal
from circle15.programme.funds_models import FundMove, FundRound
from circle15.programme.funds_states import MoveStep

ON = AT.date()
_SERIAL = count(1)


def paper(of: str = "") -> CheckedFile:
    """Return a scanned voucher; without a name another one each time."""
    content, original = b"%PDF-1.4 voucher", of or f"scan {next(_SERIAL)}"
    return CheckedFile(
        content=content,
        media_type="application/pdf",
        sm3=sm3(content).hex(),
        original_sm3=sm3(original.encode()).hex(),
        safe_name="凭证.pdf",
        pages=1,
    )


def officer(number: int, role: str, path: str) -> Actor:
    name = f"{role}{number}"
    return actor_of(user_id=number, name=name, role=role, area_path=path, area_name=name)


@dataclass
class Treasury:
    """The places by a short name, their people, and one round of the city."""

    name: str = "2026年"
    paths: dict[str, str] = field(default_factory=dict)
    round: FundRound | None = None

    def __post_init__(self) -> None:
        first, second = factories.SiteFactory(), factories.SiteFactory(other=True)
        county = factories.CountyFactory()
        self.paths = {
            "": "",
            "city": county.parent.path,
            "county": county.path,
            "s1": first.area_path,
            "s2": second.area_path,
        }
        self.city, self.city2 = (officer(n, Role.CITY_OFFICER, self.paths["city"]) for n in (1, 2))
        self.county, self.county2 = (
            officer(n, Role.COUNTY_OFFICER, self.paths["county"]) for n in (3, 4)
        )
        self.manager = officer(5, Role.SITE_MANAGER, self.paths["s1"])
        with area_scope(self.paths["city"]):
            self.round = open_round(
                name=self.name,
                begins_on=date(2026, 1, 1),
                ends_on=date(2026, 12, 31),
                by=self.city,
                at=AT,
            )

    def propose(
        self,
        kind: str,
        amount: str,
        *,
        by: Actor | None = None,
        key: str = "",
        file: CheckedFile | None = None,
        of: FundRound | None = None,
        **more,
    ) -> FundMove:
        by = by or self.city
        given = {"source": "city", "dated_on": ON, "number": f"票{next(_SERIAL)}"}
        given |= {"payee": f"收款单位{next(_SERIAL)}", "purpose": "infrastructure"} | more
        ends = {name: self.paths[given.pop(name, "")] for name in ("from_path", "to_path")}
        wanted = Wanted(kind=kind, amount=Decimal(amount), **given, **ends)
        if file is None and kind == "use":
            file = paper()
        with area_scope(by.area_path):
            return propose(
                round_uid=(of or self.round).uid,
                wanted=wanted,
                key=key or f"key-{next(_SERIAL)}",
                file=file,
                by=by,
                at=AT,
            )

    def judge(
        self,
        move: FundMove,
        step: str = MoveStep.APPROVE,
        *,
        by: Actor | None = None,
        why: str = "不合规",
    ) -> FundMove:
        by = by or self.city2
        with area_scope(by.area_path):
            return judge(uid=move.uid, step=step, by=by, at=AT, why=why)

    def booked(self, kind: str, amount: str, **more) -> FundMove:
        return self.judge(self.propose(kind, amount, **more))

    def reverse(self, move: FundMove, *, by: Actor | None = None) -> FundMove:
        by = by or self.city
        with area_scope(by.area_path):
            return propose_reversal(
                uid=move.uid, reason="记错了", key=f"key-{next(_SERIAL)}", by=by, at=AT
            )
