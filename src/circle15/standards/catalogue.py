"""What the house can do for people: service items with their papers, limits and places."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from circle15.standards.text import Text

NATIONAL_MAINS = range(1, 11)
HIGH_FREQUENCY = 13


class Authority(StrEnum):
    """What a place may do with an item."""

    HANDLE = "handle"
    TAKE_IN = "take_in"
    ASSIST = "assist"
    NONE = "none"


class Place(StrEnum):
    """The columns of the table of authority: levels of a circle, partners, machines, the phone."""

    CITY = "city"
    COUNTY = "county"
    TOWN = "town"
    VILLAGE = "village"
    HOSPITAL = "hospital"
    BANK = "bank"
    PHARMACY = "pharmacy"
    KIOSK = "kiosk"
    PHONE = "phone"


class ItemKind(StrEnum):
    """即办件, 承诺件, and what is no case: advice, what is passed on, a visit agreed upon."""

    INSTANT = "instant"
    PROMISED = "promised"
    ADVICE = "advice"
    FORWARDED = "forwarded"
    VISIT = "visit"

    @property
    def is_case(self) -> bool:
        return self in {ItemKind.INSTANT, ItemKind.PROMISED}


class Applicant(StrEnum):
    PERSON = "person"
    EMPLOYER = "employer"
    PROVIDER = "provider"
    ANYONE = "anyone"


_PEOPLE = frozenset({Applicant.PERSON, Applicant.ANYONE})
_ORGANISATIONS = frozenset({Applicant.EMPLOYER, Applicant.PROVIDER, Applicant.ANYONE})


class Channel(StrEnum):
    """The ways by which an item can be applied for."""

    WINDOW = "window"
    WEB = "web"
    APP = "app"
    KIOSK = "kiosk"
    PHONE = "phone"
    POST = "post"
    BANK = "bank"
    HOSPITAL = "hospital"
    VILLAGE = "village"
    JOINT = "joint"
    TAX = "tax"
    DATA = "data"
    BOX = "box"


class Handover(StrEnum):
    """How a result comes to the person."""

    WINDOW = "window"
    ONLINE = "online"
    POST = "post"
    ACCOUNT = "account"


class Medium(StrEnum):
    ORIGINAL = "original"
    COPY = "copy"
    ANY = "any"


class Origin(StrEnum):
    """Where a person gets a paper."""

    OWN = "own"
    FORM = "form"
    HOSPITAL = "hospital"
    EMPLOYER = "employer"
    POLICE = "police"
    AUTHORITY = "authority"


class Confidence(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Condition:
    """A question is answered with one of these choices."""

    question: str
    choices: tuple[str, ...]

    def holds(self, answers: Mapping[str, str]) -> bool:
        return answers.get(self.question) in self.choices


@dataclass(frozen=True, slots=True)
class Choice:
    key: str
    text: Text


@dataclass(frozen=True, slots=True)
class Question:
    """Asked only while all of `when` hold; one of `choices` is the answer."""

    key: str
    text: Text
    choices: tuple[Choice, ...]
    when: tuple[Condition, ...] = ()
    hint: Text | None = None

    def choice(self, key: str) -> Choice | None:
        return next((each for each in self.choices if each.key == key), None)


@dataclass(frozen=True, slots=True)
class Refusal:
    """If all of `when` hold the item is not for this person; `instead` is the item that is."""

    when: tuple[Condition, ...]
    reason: Text
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Material:
    """A paper; asked for while all of `when` hold (always without any).

    `is_shareable`: looked up by data, not to be brought. `is_deferrable`: may follow later (容缺).
    `by_commitment`: a written promise may stand for it (告知承诺).
    """

    key: str
    name: Text
    is_required: bool = True
    when: tuple[Condition, ...] = ()
    copies: int = 1
    medium: Medium = Medium.ORIGINAL
    origin: Origin = Origin.OWN
    is_form: bool = False
    is_shareable: bool = False
    is_deferrable: bool = False
    by_commitment: bool = False
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """How long it may take: working days, or calendar days where the rule says so.

    The day of intake is not counted. Instant items have 0 promised days.
    `online_days`: promised where it comes in online, when that differs.
    """

    is_instant: bool
    promised_days: int | None = None
    statutory_days: int | None = None
    online_days: int | None = None
    is_calendar: bool = False


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """One service item (政务服务事项) as an edition of the catalogue has it."""

    key: str
    code: str
    main: int
    kind: ItemKind
    name: Text
    short_name: Text
    aliases: tuple[str, ...]
    group: str
    applicants: tuple[Applicant, ...]
    who: Text
    conditions: tuple[Text, ...]
    questions: tuple[Question, ...]
    refusals: tuple[Refusal, ...]
    materials: tuple[Material, ...]
    limit: Limit
    fee: Text
    steps: tuple[Text, ...]
    result: Text
    delivery: tuple[Handover, ...]
    channels: tuple[Channel, ...]
    validity: Text | None
    levels: Mapping[Place, Authority]
    sets: tuple[str, ...]
    is_high_frequency: bool
    is_four_eyes: bool
    is_conditional_intake_allowed: bool
    basis: tuple[Text, ...]
    notes: tuple[Text, ...]
    source: tuple[str, ...]
    confidence: Confidence
    digest: str = field(default="", compare=False)

    @property
    def is_case(self) -> bool:
        return self.kind.is_case

    @property
    def is_online(self) -> bool:
        """Tell whether a person can hand it in from home on this house's own pages."""
        return self.is_case and self.is_for_people and Channel.WEB in self.channels

    @property
    def is_online_for_organisations(self) -> bool:
        """Tell whether an organisation's handler can hand it in there."""
        return self.is_case and self.is_for_organisations and Channel.WEB in self.channels

    @property
    def is_for_people(self) -> bool:
        return bool(_PEOPLE & set(self.applicants))

    @property
    def is_for_organisations(self) -> bool:
        """Tell whether an employer or a provider may apply."""
        return bool(_ORGANISATIONS & set(self.applicants))

    def authority(self, place: Place) -> Authority:
        return self.levels.get(place, Authority.NONE)

    def material(self, key: str) -> Material | None:
        return next((each for each in self.materials if each.key == key), None)

    def question(self, key: str) -> Question | None:
        return next((each for each in self.questions if each.key == key), None)


@dataclass(frozen=True, slots=True)
class Main:
    """A main item (主项): 1 to 10 of the national list, what came later, what is no case."""

    number: int
    code: str
    name: Text


@dataclass(frozen=True, slots=True)
class ItemSet:
    """A set of items a plan names, such as what hospitals of the Qidong plan do."""

    key: str
    name: Text
    place: Place
    source: str


@dataclass(frozen=True, slots=True)
class CatalogueSource:
    """Where facts come from; `confidence` in what we could read of it."""

    key: str
    name: Text
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All items of an edition, in their order.

    `edition_id` and `versions` (item -> stored version) only where it comes from the database.
    """

    title: Text
    version: str
    since: date | None
    items: Mapping[str, CatalogueItem]
    digest: str
    edition_id: int | None = None
    versions: Mapping[str, int] = field(default_factory=dict)

    def of_group(self, group: str) -> tuple[CatalogueItem, ...]:
        return tuple(item for item in self.items.values() if item.group == group)

    def of_main(self, number: int) -> tuple[CatalogueItem, ...]:
        return tuple(item for item in self.items.values() if item.main == number)

    def of_set(self, key: str) -> tuple[CatalogueItem, ...]:
        return tuple(item for item in self.items.values() if key in item.sets)

    def high_frequency(self) -> tuple[CatalogueItem, ...]:
        return tuple(item for item in self.items.values() if item.is_high_frequency)


def all_hold(conditions: Iterable[Condition], answers: Mapping[str, str]) -> bool:
    """Tell whether every condition holds; none at all holds."""
    return all(condition.holds(answers) for condition in conditions)
