"""A simulated platform inside a test, a line to it, and cases with something to file."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from tests import factories
from tests.factories import AT

from circle15.accounts.actors import Actor, system_actor
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases.core_platform.client import HttpPlatform
from circle15.cases.core_platform.filing import enqueue_for, standing, take_back
from circle15.cases.core_platform.guarded import Guarded
from circle15.cases.core_platform.line import Line
from circle15.cases.core_platform.numbers import FiledNumbers
from circle15.cases.core_platform.outbox import Outbox
from circle15.cases.core_platform.sm2 import PrivateKey
from circle15.cases.exchange_models import CoreMessage
from circle15.cases.models import Case
from circle15.cases.sealing import seal_form
from circle15.core.identifiers import resident_id_check_character
from circle15.ledger.people.actions import upsert
from circle15.ledger.people.entering import PersonEntry
from circle15.ops.simulators.core_platform import CorePlatformSimulator

PLATFORM_KEY = PrivateKey(15)
TOKEN_KEY = bytes(range(16))
SETTLE = timedelta(seconds=60)
LINE = Line(
    url="http://127.0.0.1:1/",
    fixmedins_code="H32068100001",
    fixmedins_name="启东市医保中心",
    division="320681",
    receiver="MBS_LOCAL",
    secret="secret",
    private_key=PrivateKey(81),
    platform_key=PLATFORM_KEY.public,
    sm4_key=bytes(range(1, 17)),
    timeout_s=1.0,
)
SYSTEM = system_actor("test")
FORMS = {
    "chronic-disease": {"opsp_dise_code": "M03900", "opsp_dise_name": "高血压"},
    "referral-elsewhere": {"mdtrtarea_admdvs": "310000", "diag_code": "I10"},
    "outpatient-choice": {"fixmedins_code": "H32068100002"},
    "two-diseases": {"opsp_dise_code": "M01600", "opsp_dise_name": "糖尿病"},
    "accident": {"trum_time": "2026-03-01", "trum_site": "家中", "trum_rea": "跌倒"},
    "birth-record": {"plan_matn_date": "2026-09-01"},
}


@dataclass
class Rig:
    """A simulator, the outbox that sends to it, and a clock that only the test moves."""

    simulator: CorePlatformSimulator
    outbox: Outbox
    at: datetime = AT
    made: int = field(default=0)

    @property
    def figures(self) -> dict:
        return self.simulator.state.figures()

    def switch(self, mode: str, **more) -> None:
        self.simulator.switch({"mode": mode, **more})

    def drain(self, after: timedelta = timedelta()) -> int:
        self.at += after
        return self.outbox.drain(at=self.at)

    def drain_all(self, most: int = 40) -> None:
        """Let time go on until nothing waits."""
        for _turn in range(most):
            self.drain()
            with area_scope(EVERYWHERE):
                if not CoreMessage.objects.filter(state__in=["waiting", "unsure"]).exists():
                    return
            self.at += timedelta(seconds=30)
        raise AssertionError(states())


@contextmanager
def rig(**line) -> Iterator[Rig]:
    client = replace(LINE, **line)
    simulator = CorePlatformSimulator(client, PLATFORM_KEY, token_key=TOKEN_KEY)
    with simulator:
        there = replace(client, url=simulator.url)
        outbox = Outbox(Guarded(HttpPlatform(there, FiledNumbers())), SETTLE)
        yield Rig(simulator, outbox)


def person(number: int = 1) -> UUID:
    """Return somebody insured, new to the register; numbers below 1,000."""
    body = f"99000019500101{number:03}"
    factories.TownFactory()
    entry = PersonEntry(
        name=f"合成{number}",
        id_number=body + resident_id_check_character(body),
        division_code="320681100000",
        is_synthetic=True,
    )
    with area_scope(EVERYWHERE):
        return upsert(entry=entry, by=SYSTEM, at=AT).uid


def decided(
    item: str = "chronic-disease",
    *,
    who: UUID | None = None,
    form: dict[str, str] | None = None,
    outcome: str = "approved",
    at: datetime = AT,
) -> Case:
    """Return a case just decided, with what follows from it enqueued."""
    site = factories.SiteFactory()
    uid = uuid4()
    case = Case(
        uid=uid,
        number=uid.hex[:20],
        item_key=item,
        item_version_id=0,  # of no edition
        person_uid=who or person(),
        channel="window",
        area_path=site.area_path,
        handler_path="/320600000000/320681000000/",
        site=site,
        state="decided",
        since=at,
        opened_at=at,
        urgent_on=at.date(),
        decided_at=at,
        outcome=outcome,
        basis="" if outcome == "approved" else "条例",
        form_sealed=seal_form(FORMS[item] if form is None else form, case_uid=uid),
        is_synthetic=True,
    )
    with area_scope(EVERYWHERE):
        case.save(force_insert=True)
        enqueue_for(case, at=at)
    return case


def taken_back(case: Case) -> None:
    """Undo what is filed for a case, as a second person has just agreed to."""
    with area_scope(EVERYWHERE):
        filed = standing(case)
        assert filed is not None
        take_back(filed, at=AT, reason="录错")


def messages(case: Case) -> list[CoreMessage]:
    with area_scope(EVERYWHERE):
        return list(CoreMessage.objects.filter(case=case).order_by("id"))


def states() -> list[str]:
    with area_scope(EVERYWHERE):
        return [*CoreMessage.objects.order_by("id").values_list("state", flat=True)]


def officer() -> Actor:
    with area_scope(EVERYWHERE):
        return factories.actor_for(factories.carol())
