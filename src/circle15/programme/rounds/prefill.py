"""The lines of the form that stand somewhere already: their values, and where each comes from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circle15.accounts.models import Person
from circle15.accounts.sealing import unseal
from circle15.areas.models import Division
from circle15.areas.queries import town_of
from circle15.areas.scope import paths_to
from circle15.areas.states import Level
from circle15.core.masking import mask_name
from circle15.ledger.models import Fact
from circle15.ledger.queries import facts_of_many
from circle15.programme.rounds_models import Application, Round
from circle15.programme.targets.given import coverage_on
from circle15.sites.models import Site
from circle15.sites.queries import staff_of
from circle15.standards.facts import facts
from circle15.standards.rounds import Condition, FormField, round_rules
from circle15.standards.text import number_text

# Where one of the two areas is missing the other stands for it, and the page says so.
_OTHER_AREA = {
    "site.area_m2": "site.indoor_area_m2",
    "site.indoor_area_m2": "site.area_m2",
}


@dataclass(frozen=True, slots=True)
class Value:
    """What stands in a line: its words, where they come from, and where they are corrected."""

    field: FormField
    words: str
    source: str
    # The page where it is corrected: facts:<name>, site, inventory, people, or none.
    place: str = ""

    @property
    def name(self) -> str:
        return self.field.name.in_language(get_language() or "zh-hans")


@dataclass(frozen=True, slots=True)
class Contact:
    """A member of staff who may be named as the contact, the name masked."""

    uid: UUID
    name: str
    duty: str


@dataclass(frozen=True, slots=True)
class Evidenced:
    """A condition with what the ledger and the registers say of it."""

    condition: Condition
    says: tuple[tuple[str, str], ...]
    # Whether the ledger holds it met; None where it says nothing.
    is_met: bool | None = None

    @property
    def name(self) -> str:
        return self.condition.name.in_language(get_language() or "zh-hans")


# Clauses: W-100, W-101, W-113
# Clauses: W-99
def values_of(application: Application, *, on: date) -> dict[str, Value]:
    """Return the lines nobody types, as the registers have them on a day."""
    site = application.site
    recorded = facts_of_many([site], on=on)[site.id]
    found = {}
    for field in round_rules().fields.values():
        if field.task in {"site", "contact"}:
            found[field.key] = _value(field, application, recorded, on)
    return found


def _value(
    field: FormField, application: Application, recorded: Mapping[str, Fact], on: date
) -> Value:
    if field.fact:
        return _area(field, recorded)
    if field.key == "competent_dept":
        return _department(field, application.site)
    return Value(field, *_registered(field.key, application, on))


def _registered(key: str, application: Application, on: date) -> tuple[str, str, str]:
    """Return what a register has: the words, the register, the page where it is corrected."""
    site = application.site
    if key in {"window_count", "staff_count"}:
        is_staff = key == "staff_count"
        count = staff_of(site, on=on).count() if is_staff else site.windows.count()
        register = _("人员名册") if is_staff else _("窗口登记")
        return str(count or ""), register, "inventory"
    known = {
        "reporting_unit": (bureau_of(county_of(site)), _("行政区划"), ""),
        "applicant": (site.name, _("网点登记"), "site"),
        "address": (site.address, _("网点登记"), "site"),
        "contact": (contact_name(application), _("人员名册"), ""),
        "phone": (site.phone, _("网点登记的对外电话"), "site"),
    }
    return known[key]


def _department(field: FormField, site: Site) -> Value:
    if site.organisation is not None:
        return Value(field, site.organisation.name, _("单位登记"), "site")
    division = site.division
    if division.level == Level.VILLAGE and division.parent is not None:
        division = division.parent
    office = "街道办事处" if division.name.endswith("街道") else f"{division.name}人民政府"
    words = office if office.endswith("人民政府") else division.name + "办事处"
    return Value(field, words, _("行政区划"))


def _area(field: FormField, recorded: Mapping[str, Fact]) -> Value:
    own = recorded.get(field.fact)
    other = recorded.get(_OTHER_AREA[field.fact])
    fact = own or other
    if fact is None:
        return Value(field, "", _("台账没有登记"), f"facts:{field.fact}")
    label = facts()[fact.name].label.in_language(get_language() or "zh-hans")
    source = _("台账“%(fact)s”，%(day)s") % {"fact": label, "day": fact.observed_on}
    return Value(field, number_words(fact.value), source, f"facts:{field.fact}")


def number_words(value: object) -> str:
    """Write a number of the ledger plainly."""
    return number_text(Decimal(str(value)))


def county_names() -> dict[str, str]:
    """Return the names of all cities and counties by their paths."""
    rows = Division.objects.filter(level__in=[Level.CITY, Level.COUNTY])
    return dict(rows.values_list("path", "name"))


def county_of(site: Site, names: Mapping[str, str] | None = None) -> str:
    """Return the name of the county a site stands in, the city's where there is none."""
    known = county_names() if names is None else names
    inside = [path for path in known if site.area_path.startswith(path)]
    return known[max(inside, key=len)] if inside else ""


def bureau_of(area_name: str) -> str:
    """Return the bureau of an area as it signs; one that says so already stays as it is."""
    return area_name if area_name.endswith(("局", "中心")) else f"{area_name}医疗保障局"


def contacts_of(site: Site, *, on: date) -> tuple[Contact, ...]:
    """Return who serves at a site, names masked."""
    return tuple(
        Contact(row.person.uid, _masked(row.person), row.duty) for row in staff_of(site, on=on)
    )


def contact_name(application: Application) -> str:
    """Return the masked name of the chosen contact, "" for none."""
    if application.contact_uid is None:
        return ""
    person = Person.objects.filter(uid=application.contact_uid).first()
    return "" if person is None else _masked(person)


def _masked(person: Person) -> str:
    return mask_name(unseal(person.name_sealed, field="name", uid=person.uid))


# Clauses: W-14
def conditions_of(one: Round, site: Site, *, on: date) -> tuple[Evidenced, ...]:
    """Return the conditions of a round with what speaks for each at a site."""
    recorded = facts_of_many([site], on=on)[site.id]
    known = round_rules().conditions
    return tuple(
        Evidenced(known[key], tuple(_says(known[key], site, recorded, on)))
        for key in one.conditions
        if key in known
    )


# Clauses: W-41
def preferences_of(site: Site, *, on: date) -> tuple[Evidenced, ...]:
    """Return the six things sites are preferred for, with what the ledger and planning say."""
    recorded = facts_of_many([site], on=on)[site.id]
    return tuple(
        Evidenced(one, tuple(_says(one, site, recorded, on)), _is_met(recorded.get(one.says[0])))
        for one in round_rules().preferences.values()
    )


def _is_met(fact: Fact | None) -> bool | None:
    return None if fact is None else bool(fact.value)


def _covered(site: Site, on: date) -> str:
    """Say how many of the town's people the newest stored coverage finds near enough."""
    town = town_of(site.division)
    stored = (coverage_on(path, on) for path in reversed(paths_to(site.area_path)))
    found = next((one for one in stored if one is not None), None)
    if found is None or town is None:
        return _("还没有做过覆盖规划")
    of_town = next((each for each in found.towns if each[0] == town.name), None)
    if of_town is None:
        return _("最近的覆盖规划“%(plan)s”不含本乡镇") % {"plan": found.title}
    return _("%(covered)s 人（全镇 %(people)s 人），据规划“%(plan)s”，%(day)s") % {
        "covered": round(of_town[2]),
        "people": round(of_town[1]),
        "plan": found.title,
        "day": found.on,
    }


def _says(
    condition: Condition, site: Site, recorded: Mapping[str, Fact], on: date
) -> Iterator[tuple[str, str]]:
    for name in condition.says:
        match name:
            case "windows":
                yield _("窗口登记"), _("%(n)s 个窗口") % {"n": site.windows.count()}
            case "staff":
                yield _("人员名册"), _("%(n)s 人在岗") % {"n": staff_of(site, on=on).count()}
            case "covered":
                yield _("15 分钟内覆盖"), _covered(site, on)
            case "equipment":
                yield _("设备登记"), _("%(n)s 类设备") % {"n": _kinds_of_equipment(site)}
            case _:
                yield (
                    facts()[name].label.in_language(get_language() or "zh-hans"),
                    _recorded(name, recorded.get(name)),
                )


def _kinds_of_equipment(site: Site) -> int:
    return site.equipment.order_by().values("key").distinct().count()


def _recorded(name: str, fact: Fact | None) -> str:
    if fact is None:
        return _("台账没有登记")
    if facts()[name].is_number:
        unit = facts()[name].unit.in_language(get_language() or "zh-hans")
        return f"{number_words(fact.value)} {unit}"
    return _("台账登记为是") if fact.value else _("台账登记为否")
