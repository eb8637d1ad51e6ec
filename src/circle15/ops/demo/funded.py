"""Money of the demo city: a round with subsidies, matching funds, uses, and some odd vouchers."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from importlib.resources import files
from io import BytesIO
from itertools import count
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PIL import Image

from circle15.accounts.actors import Actor, actor_of
from circle15.accounts.states import Role
from circle15.areas.scope import area_scope
from circle15.ledger.files import CheckedFile, check_evidence
from circle15.ops.demo import geography
from circle15.ops.demo.character import MARK
from circle15.ops.demo.dice import between
from circle15.programme.funds.documents import keep_rules
from circle15.programme.funds.judging import judge
from circle15.programme.funds.proposing import Wanted, open_round, propose, propose_reversal
from circle15.programme.funds.queries import rounds
from circle15.programme.funds_states import MoveStep
from circle15.sites.queries import open_sites_in
from circle15.sites.states import SiteKind

if TYPE_CHECKING:
    from uuid import UUID

    from circle15.programme.funds_models import FundMove
    from circle15.sites.models import Site

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_DAYS_BACK = 270
_CENTRES = 3
_SIZE = (320, 200)
_USES = (("infrastructure", "city", 180), ("equipment", "matching", 120))


@dataclass
class _Clerk:
    """Writes papers one after the other, each proposed by one and approved by another."""

    at: datetime
    today: date
    round_uid: "UUID"
    serial: "count[int]" = field(default_factory=lambda: count(1))

    def moment(self, days_ago: int) -> datetime:
        day = self.today - timedelta(days=days_ago)
        return min(datetime.combine(day, time(10), _SHANGHAI), self.at)

    def propose(
        self, kind: str, amount: Decimal | int, days_ago: int, by: Actor, /, **said: str
    ) -> "FundMove":
        """Propose a paper; each use has a scan of its own."""
        number, moment = next(self.serial), self.moment(days_ago)
        given = {"number": f"演示凭{number:04}", "words": f"演示{MARK}"} | said
        wanted = Wanted(
            kind=kind,
            amount=Decimal(amount).quantize(Decimal("0.01")),
            dated_on=min(moment.date(), self.today),
            **given,
        )
        file = _scan(number) if kind == "use" else None
        with area_scope(by.area_path):
            return propose(
                round_uid=self.round_uid,
                wanted=wanted,
                key=f"demo-{self.round_uid}-{number}",
                file=file,
                by=by,
                at=moment,
            )

    def book(self, kind: str, amount: Decimal | int, days_ago: int, **said: str) -> "FundMove":
        move = self.propose(kind, amount, days_ago, _officer(1), **said)
        return self.approve(move, days_ago)

    def approve(self, move: "FundMove", days_ago: int) -> "FundMove":
        by = _officer(2)
        with area_scope(by.area_path):
            return judge(uid=move.uid, step=MoveStep.APPROVE, by=by, at=self.moment(days_ago))


def ensure(*, at: datetime, today: date) -> None:
    """Write a round of money, unless there is one."""
    first = _officer(1)
    if rounds(first).exists():
        return
    begins_on = today - timedelta(days=_DAYS_BACK)
    with area_scope(first.area_path):
        of = open_round(
            name=f"{today.year}年服务圈建设资金{MARK}",
            begins_on=begins_on,
            ends_on=begins_on + timedelta(days=365),
            by=first,
            at=min(datetime.combine(begins_on, time(9), _SHANGHAI), at),
            is_synthetic=True,
        )
    clerk = _Clerk(at, today, of.uid)
    city, county = _path(geography.CITY), _path(geography.COUNTY)
    clerk.book("receipt", 600_000, 265, to_path=city, source="provincial")
    clerk.book("receipt", 1_000_000, 262, to_path=city, source="city")
    clerk.book("allocation", 400_000, 255, from_path=city, to_path=county, source="provincial")
    clerk.book("allocation", 700_000, 254, from_path=city, to_path=county, source="city")
    rows = open_sites_in([county], (SiteKind.TOWN_CENTRE,)).select_related("division")
    sites = list(rows.order_by("-area_path", "id")[:_CENTRES])
    for site in sites:
        _site(clerk, site, county)
    if sites:
        _odd(clerk, sites[-1], county)
        _rules(sites[0], clerk)


def _site(clerk: _Clerk, site: "Site", county: str) -> None:
    """Give a site money of two sources, a budget, and let it use some."""
    path, town = site.area_path, site.division.path
    clerk.book("allocation", 60_000, 240, from_path=county, to_path=path, source="city")
    clerk.book("receipt", 30_000, 238, to_path=town, source="matching")
    clerk.book("allocation", 30_000, 236, from_path=town, to_path=path, source="matching")
    for purpose, source, days_ago in _USES:
        clerk.book("budget", 28_000, 235, to_path=path, purpose=purpose)
        cents = between(1_200_000, 2_500_000, site.code, purpose)
        use = clerk.propose(
            "use",
            Decimal(cents) / 100,
            days_ago,
            _manager(site),
            from_path=path,
            source=source,
            purpose=purpose,
            payee=f"演示公司{between(10, 99, site.code, purpose)}{MARK}",
        )
        clerk.approve(use, days_ago - 2)


def _odd(clerk: _Clerk, site: "Site", county: str) -> None:
    """Write what is looked at twice, what was taken back, and what waits."""
    path, by = site.area_path, _manager(site)
    given = {"from_path": path, "payee": f"演示文印社{MARK}"}
    twice = given | {"number": "演示票88", "purpose": "publicity", "source": "city"}
    for days_ago in (60, 45):
        clerk.approve(clerk.propose("use", 1_860, days_ago, by, **twice), 40)
    clerk.propose("use", 3_000, 6, by, **given, purpose="running", source="city")
    wrong = clerk.book("allocation", 5_000, 30, from_path=county, to_path=path, source="city")
    first = _officer(1)
    with area_scope(first.area_path):
        back = propose_reversal(
            uid=wrong.uid,
            reason="拨错网点",
            key=f"demo-{clerk.round_uid}-reversal",
            by=first,
            at=clerk.moment(28),
        )
    clerk.approve(back, 27)
    clerk.book("return", 1_000, 20, from_path=path, to_path=county, source="city")
    clerk.propose("allocation", 20_000, 3, first, from_path=county, to_path=path, source="city")


def _rules(site: "Site", clerk: _Clerk) -> None:
    """Keep the rules of a town; what its sites say in the ledger stays as it is."""
    path = site.division.path
    by = actor_of(
        user_id=-9304,
        name=f"财务{MARK}",
        role=Role.COUNTY_OFFICER,
        area_path=path,
        area_name=site.division.name,
    )
    with area_scope(path):
        keep_rules(
            name=f"服务圈建设资金使用管理办法{MARK}",
            number="演示〔2026〕1号",
            since=clerk.today - timedelta(days=250),
            file=_scan(9001),
            by=by,
            at=clerk.moment(250),
            is_synthetic=True,
        )


def _scan(number: int) -> CheckedFile:
    """Draw a voucher that says it is made up; no two numbers give the same file."""
    image = Image.new("RGB", _SIZE, (255, 255, 255))
    caption = (files("circle15.ops.demo") / "data" / "caption.png").read_bytes()
    with Image.open(BytesIO(caption)) as words:
        image.paste(words.convert("RGB"), (40, 120))
    image.paste((number % 256, number // 256 % 256, 120), (20, 20, 80, 80))
    out = BytesIO()
    image.save(out, "PNG")
    return check_evidence(out.getvalue(), name=f"凭证{number}{MARK}.png")


def _path(code: str) -> str:
    return geography.path_of(code)


def _officer(number: int) -> Actor:
    return actor_of(
        user_id=-9300 - number,
        name=f"资金专管员{number}{MARK}",
        role=Role.CITY_OFFICER,
        area_path=_path(geography.CITY),
        area_name="南通市",
    )


def _manager(site: "Site") -> Actor:
    return actor_of(
        user_id=-9303,
        name=f"网点负责人{MARK}",
        role=Role.SITE_MANAGER,
        area_path=site.area_path,
        area_name=site.name,
    )
