"""What operations on items, cases and webhooks take and give."""

import base64
import binascii
from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from django.utils.translation import get_language
from pydantic import AfterValidator, Field

from circle15.api.schemas import UID, Asked, ItemKey, Note, SiteCode, Value, asked, example
from circle15.cases.actions.agents import Named
from circle15.cases.lines import CaseLine, CaseView, MaterialLine
from circle15.cases.looked_up import SOURCE, LookedUp
from circle15.cases.partners.webhooks import Hook
from circle15.items.guiding import Tailored
from circle15.standards.catalogue import CatalogueItem, Material, Question
from circle15.standards.shared_sources import shared_sources
from circle15.standards.text import Text

_PLAIN = r"^[^\x00-\x1f\x7f]*$"
Key = Annotated[str, Field(pattern=r"^[0-9a-z_.-]{1,60}$", max_length=60)]
Word = Annotated[str, Field(max_length=300, pattern=_PLAIN)]
Name = Annotated[str, Field(min_length=1, max_length=60, pattern=_PLAIN, examples=["合成甲"])]
Answers = Annotated[dict[Key, Key], Field(max_length=40)]
Form = Annotated[dict[Key, Word], Field(max_length=60)]
Event = Literal[
    "case.accepted",
    "case.decided",
    "case.ready",
    "rating.received",
    "order.closed",
    "result.published",
    "title.granted",
    "title.withdrawn",
]
Algorithm = Literal["hmac-sha256", "hmac-sm3"]
PERSON = {
    "id_number": "990000195001010018",
    "name": "合成甲",
    "phone": "",
    "division_code": "320681100000",
}
_UID = str(UID)
_NUMBER = "3206812026112200001"


def words(text: Text) -> str:
    """Give a text in the language asked for."""
    return text.in_language(get_language() or "")


class ItemLine(Value):
    model_config = example(
        key="resident-enrolment",
        code="002036001003",
        name="城乡居民参保登记",
        group="enrolment",
        is_case=True,
        is_instant=True,
        applicants=["person"],
        authority="handle",
    )
    key: str
    code: str
    name: str
    group: str
    applicants: list[str]
    is_case: bool
    is_instant: bool
    authority: str

    @classmethod
    def made(cls, item: CatalogueItem, authority: str) -> Self:
        return cls(
            key=item.key,
            code=item.code,
            name=words(item.name),
            group=item.group,
            applicants=[one.value for one in item.applicants],
            is_case=item.is_case,
            is_instant=item.limit.is_instant,
            authority=authority,
        )


class Items(Value):
    """Items in force on a day, and the digest of their edition."""

    on: date
    digest: str
    items: list[ItemLine]


class Paper(Value):
    """A paper an item asks for; `sources`: where a shareable one is usually looked up."""

    model_config = example(
        key="id-document",
        name="有效身份证件",
        is_required=True,
        copies=1,
        is_form=False,
        is_shareable=True,
        is_deferrable=False,
        by_commitment=False,
        sources=["公安人口信息"],
    )
    key: str
    name: str
    is_required: bool
    copies: int
    is_form: bool
    is_shareable: bool
    is_deferrable: bool
    by_commitment: bool
    sources: list[str]

    @classmethod
    def made(cls, material: Material) -> Self:
        return cls(
            key=material.key,
            name=words(material.name),
            is_required=material.is_required,
            copies=material.copies,
            is_form=material.is_form,
            is_shareable=material.is_shareable,
            is_deferrable=material.is_deferrable,
            by_commitment=material.by_commitment,
            sources=[words(one) for one in shared_sources().of(material)],
        )


class QuestionLine(Value):
    """A question, and its choices by key."""

    key: str
    text: str
    choices: dict[str, str]

    @classmethod
    def made(cls, questions: Iterable[Question]) -> list[Self]:
        return [
            cls(
                key=one.key,
                text=words(one.text),
                choices={choice.key: words(choice.text) for choice in one.choices},
            )
            for one in questions
        ]


class Item(Value):
    """One item as it is in force."""

    key: str
    code: str
    name: str
    applicants: list[str]
    who: str
    conditions: list[str]
    questions: list[QuestionLine]
    materials: list[Paper]
    is_instant: bool
    promised_days: int | None
    statutory_days: int | None
    fee: str
    steps: list[str]
    result: str
    levels: dict[str, str]

    @classmethod
    def made(cls, item: CatalogueItem) -> Self:
        return cls(
            key=item.key,
            code=item.code,
            name=words(item.name),
            applicants=[one.value for one in item.applicants],
            who=words(item.who),
            conditions=[words(one) for one in item.conditions],
            questions=QuestionLine.made(item.questions),
            materials=[Paper.made(one) for one in item.materials],
            is_instant=item.limit.is_instant,
            promised_days=item.limit.promised_days,
            statutory_days=item.limit.statutory_days,
            fee=words(item.fee),
            steps=[words(one) for one in item.steps],
            result=words(item.result),
            levels={place.value: authority.value for place, authority in item.levels.items()},
        )


class Guide(Value):
    """What an item asks of one person; unknown until the open questions are answered."""

    verdict: str
    reasons: list[str]
    instead: list[str]
    materials: list[Paper]
    open_questions: list[str]

    @classmethod
    def made(cls, tailored: Tailored) -> Self:
        return cls(
            verdict=tailored.verdict,
            reasons=[words(one) for one in tailored.reasons],
            instead=list(tailored.instead),
            materials=[Paper.made(one) for one in tailored.materials],
            open_questions=[one.key for one in tailored.open_questions],
        )


class PersonGiven(Asked):
    """The person: number and name must agree with the register; who is new is entered."""

    model_config = asked(**PERSON)
    id_number: Annotated[str, Field(pattern=r"^[0-9]{17}[0-9Xx]$")]
    name: Name
    phone: Annotated[str, Field(pattern=r"^[0-9-]{0,20}$")] = ""
    division_code: Annotated[str, Field(pattern=r"^([0-9]{12})?$")] = ""

    @property
    def named(self) -> Named:
        return Named(self.id_number.upper(), self.name, self.phone, self.division_code)


class OrganisationGiven(Asked):
    """The organisation that applies; `division_code` for one that is not on the register yet."""

    model_config = asked(
        credit_code="91999999000000001K", name="合成制造有限公司", division_code="320681100000"
    )
    credit_code: Annotated[str, Field(pattern=r"^[0-9A-Za-z]{18}$")]
    name: Annotated[str, Field(min_length=1, max_length=120, pattern=_PLAIN)]
    division_code: Annotated[str, Field(pattern=r"^([0-9]{12})?$")] = ""


SaidChannel = Literal["window", "app", "bank", "hospital", "pharmacy", "village", "phone"]
SaidMode = Literal["ordinary", "assisted", "proxy", "home_visit", "extended", "booked"]


class CaseIn(Asked):
    """An application: which item, for whom, at which site.

    With `organisation` the organisation applies, and `person` is who comes for it. Without
    `channel` it is that of the token, for one registered for none the window; `app` comes by a
    token registered for an app or mini program only.
    """

    model_config = asked(
        item="resident-enrolment",
        person=PERSON,
        site_code="QD-0001",
        channel="bank",
        mode="ordinary",
        answers={},
        form={},
    )
    item: ItemKey
    person: PersonGiven
    organisation: OrganisationGiven | None = None
    site_code: SiteCode
    channel: SaidChannel | None = None
    mode: SaidMode = "ordinary"
    answers: Answers = Field(default_factory=dict)
    form: Form = Field(default_factory=dict)


Source = Annotated[str, Field(max_length=SOURCE, pattern=_PLAIN)]
Keys = Annotated[list[Key], Field(max_length=40)]


class SourceIn(Asked):
    """Where data was looked up: a system or register by name, and the day, today without one."""

    model_config = asked(name="公安人口信息", on="2026-03-02")
    name: Source
    on: date | None = None


class PapersIn(Asked):
    """How each paper stands, by key.

    `sources` says where each of the `shared` papers was looked up; none may go without.
    """

    given: Keys = Field(default_factory=list)
    shared: Keys = Field(default_factory=list)
    sources: Annotated[dict[Key, SourceIn], Field(max_length=40)] = Field(default_factory=dict)
    committed: Keys = Field(default_factory=list)

    def looked_up(self, today: date) -> dict[str, LookedUp]:
        """Return where each shared paper was looked up; without a name where none is told."""
        told = {key: self.sources.get(key) for key in self.shared}
        return {
            key: LookedUp(one.name, one.on or today) if one else LookedUp("", today)
            for key, one in told.items()
        }


class IntakeIn(PapersIn, CaseIn):
    """A whole intake: the application, and how each paper of it stands, by key.

    `sources` says where each of the `shared` papers was looked up; none may go without.
    `deferred` papers may follow until `deferred_until`: conditional intake.
    """

    model_config = CaseIn.model_config
    deferred: Keys = Field(default_factory=list)
    deferred_until: date | None = None


def _is_base64(text: str) -> str:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("not base64") from None
    return text


class MaterialIn(Asked):
    """A paper: brought, looked up by data, or replaced by a written commitment.

    What is `shared` names the `source`, a system or register, and the day of the look-up, today
    without one. `content` is a photo or PDF of it in base64.
    """

    model_config = asked(
        key="id-document", how="shared", source="公安人口信息", note="", content=""
    )
    key: Key
    how: Literal["given", "shared", "committed"] = "given"
    source: Source = ""
    looked_up_on: date | None = None
    note: Note = ""
    content: Annotated[str, Field(max_length=1_000_000), AfterValidator(_is_base64)] = ""

    @property
    def file(self) -> bytes | None:
        return base64.b64decode(self.content) if self.content else None


class WhyIn(Asked):
    """Why, in a few words."""

    model_config = asked(reason="本人不再办理")
    reason: Annotated[Note, Field(min_length=2)]


class MaterialNow(Value):
    model_config = example(
        key="id-document",
        name="有效身份证件",
        is_required=True,
        state="shared",
        source="公安人口信息",
        looked_up_on="2026-03-02",
    )
    key: str
    name: str
    is_required: bool
    state: str
    source: str
    looked_up_on: date | None

    @classmethod
    def made(cls, line: MaterialLine) -> Self:
        return cls(
            key=line.key,
            name=words(line.name),
            is_required=line.is_required,
            state=line.state,
            source=words(line.looked_up.name) if line.looked_up else "",
            looked_up_on=line.looked_up_on,
        )


class CaseNow(Value):
    """A case; people's names are masked, an organisation's is not, `agent_name` is who came for it.

    `due_on` is promised, a forecast before the year is confirmed.
    """

    model_config = example(
        uid=_UID,
        number=_NUMBER,
        item="resident-enrolment",
        item_name="城乡居民参保登记",
        person_name="合**",
        organisation_name="",
        agent_name="",
        state="submitted",
        channel="bank",
        mode="ordinary",
        site_name="汇龙镇医保服务站",
        opened_at="2026-03-02T09:00:00+08:00",
        submitted_at="2026-03-02T09:05:00+08:00",
        accepted_at=None,
        due_on=None,
        is_overdue=False,
        decided_at=None,
        outcome="",
        closed_at=None,
    )
    uid: UUID
    number: str
    item: str
    item_name: str
    person_name: str
    organisation_name: str
    agent_name: str
    state: str
    channel: str
    mode: str
    site_name: str
    opened_at: datetime
    submitted_at: datetime | None
    accepted_at: datetime | None
    due_on: date | None
    is_overdue: bool
    decided_at: datetime | None
    outcome: str
    closed_at: datetime | None

    @classmethod
    def made(cls, line: CaseLine) -> Self:
        told = {name: getattr(line, name) for name in cls.model_fields if hasattr(line, name)}
        return cls(**told | {"item": line.item_key, "item_name": words(line.item_name)})


class CaseWhole(Value):
    """A case with its papers, and the steps that are the caller's to take now."""

    case: CaseNow
    materials: list[MaterialNow]
    may: list[str]

    @classmethod
    def made(cls, view: CaseView) -> Self:
        return cls(
            case=CaseNow.made(view.line),
            materials=[MaterialNow.made(one) for one in view.materials],
            may=sorted(step.value for step in view.may),
        )


class Cases(Value):
    """A page of cases; ask with `after` for the next, "" at the end."""

    cases: list[CaseNow]
    after: str

    @classmethod
    def made(cls, lines: Iterable[CaseLine], after: str) -> Self:
        return cls(cases=[CaseNow.made(one) for one in lines], after=after)


class WebhookIn(Asked):
    """Where to tell of what, and the secret of the signatures, made by chance."""

    model_config = asked(
        url="https://hooks.bank.example/circle15",
        events=["case.accepted", "case.decided"],
        algorithm="hmac-sm3",
        secret="8d1f0c5b7a9e42d6b3c4f1e0a7d95862",  # noqa: S106 -- an example
    )
    url: Annotated[str, Field(max_length=300, pattern=r"^https?://[!-~]+$")]
    events: Annotated[list[Event], Field(min_length=1, max_length=8)]
    algorithm: Algorithm = "hmac-sm3"
    secret: Annotated[str, Field(min_length=32, max_length=128, pattern=r"^[!-~]+$")]


class WebhookNow(Value):
    model_config = example(
        uid=_UID,
        url="https://hooks.bank.example/circle15",
        events=["case.accepted", "case.decided"],
        algorithm="hmac-sm3",
        made_at="2026-03-02T09:00:00+08:00",
    )
    uid: UUID
    url: str
    events: list[str]
    algorithm: str
    made_at: datetime

    @classmethod
    def made(cls, hook: Hook) -> Self:
        return cls(
            uid=hook.uid,
            url=hook.url,
            events=list(hook.events),
            algorithm=hook.algorithm,
            made_at=hook.made_at,
        )


class Webhooks(Value):
    webhooks: list[WebhookNow]
