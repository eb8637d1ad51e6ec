"""Which facts are kept about which kind of site, and what they look like when all is well."""

from decimal import Decimal

from circle15.sites.states import SiteKind
from circle15.standards.facts import FactDefinition, FactValue, facts

# The registers of a site tell these; the ledger holds what an inspector saw of them.
REGISTER_GROUPS = ("zone", "eq", "sign")
# Measured elsewhere: trainings held, staff at work, people in the town.
MEASURED = frozenset(
    {
        "train.sessions_this_year",
        "train.regular",
        "staff.town_headcount",
        "town.population_registered",
        "town.population_resident",
        "pharmacy.count_at_least_one",
        "staff.every_village_point_has_one",
    }
)
_STATION_GROUPS = ("pub", "h6")
_STATION = frozenset(
    {
        "zone.counter", "zone.info_disclosure", "zone.green_channel",
        "eq.counter_desk", "eq.office_furniture", "eq.computer", "eq.printer", "eq.telephone",
        "eq.promo_signage", "eq.brochure_rack", "eq.bench", "eq.reading_glasses", "eq.pen",
        "eq.opinion_box", "eq.policy_terminal", "eq.kiosk",
        "inst.first_inquiry", "inst.one_time_notice", "inst.time_limit", "inst.commitment",
        "inst.ab_post", "inst.info_disclosure",
        "net.devices_connect_core", "sec.policy_exists", "sec.personal_data_protected",
        "catalogue.executed", "catalogue.version_current", "authority.by_level_enforced",
        "svc.agency", "conduct.counter_irregularities", "conduct.language_rules_executed",
        "conduct.dress_irregularities", "conduct.reception_ok", "conduct.untidy_count",
        "eval.mechanism_exists", "eval.problems_rectified", "eval.closed_loop_works",
        "site.indoor_area_m2",
    }
)  # fmt: skip
_KIOSK = frozenset(
    {"eq.kiosk", "eq.brochure_rack", "net.devices_connect_core", "channel.kiosk",
     "channel.ecard_supported", "svc.self_service", "pub.consult_phone"}
)  # fmt: skip
# Numbers of a site without faults, where 0 is not the best.
_BEST: dict[str, FactValue] = {
    "report.typical_cases_in_year": 2,
    "hr.staffing_channels": 2,
    "ops.instant_avg_minutes": Decimal("7.6"),
}
# True would be bad news.
_FAULTS = frozenset({"agency.not_offered", "agency.any_case_over_3_working_days"})


def names_for(kind: SiteKind) -> tuple[str, ...]:
    """Name the facts kept about a site of this kind, in the order of facts.yaml."""
    return tuple(name for name, fact in facts().items() if _kept(fact, kind))


def _kept(fact: FactDefinition, kind: SiteKind) -> bool:
    if fact.scope == "town" or fact.stands_for or fact.name in MEASURED:
        return False
    if kind in {SiteKind.TOWN_CENTRE, SiteKind.COUNTY_HALL}:
        return fact.group not in _STATION_GROUPS
    if kind == SiteKind.KIOSK_ONLY:
        return fact.name in _KIOSK
    return fact.name in _STATION or fact.group in _STATION_GROUPS


def town_names() -> tuple[str, ...]:
    """Name the facts kept once for a town and shared by its sites."""
    return tuple(
        name
        for name, fact in facts().items()
        if fact.scope == "town" and not fact.stands_for and name not in MEASURED
    )


def good(name: str) -> FactValue:
    """Say what is recorded when all is well."""
    if name in _BEST:
        return _BEST[name]
    return 0 if facts()[name].is_number else name not in _FAULTS


def bad(name: str) -> FactValue:
    """Say what is recorded when it is not; a count is one too many, or one short."""
    if name == "ops.instant_avg_minutes":
        return Decimal("11.4")
    if facts()[name].is_number:
        return 1
    return name in _FAULTS


def in_register(name: str) -> bool:
    return facts()[name].group in REGISTER_GROUPS
