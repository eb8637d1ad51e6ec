"""The JSON of a siting study: ranked proposals, value, bound and gap."""

from circle15.planning.siting.question import Ranked
from circle15.planning.studies.coverage_record import SHARE_DIGITS, Json, plain
from circle15.planning.studies.siting import SitingStudy

VALUE_DIGITS = 6


def siting_to_json(study: SitingStudy) -> Json:
    """Write a study by ids; the same study gives the same bytes (no times of day, no seconds)."""
    answer, ids = study.answer, study.sites.points.id
    people = float(study.demand.weight.sum())
    before = study.people(study.within_before())
    return {
        "mode": study.travel.mode,
        "minutes": _number(study.travel.minutes),
        "objective": answer.objective.value,
        "status": answer.status,
        "chosen": [ids[site] for site in answer.chosen],
        "ranked": [_ranked(ids[rank.site], rank) for rank in answer.ranked],
        "value": _number(answer.value),
        "bound": _number(answer.bound),
        "gap": _number(answer.gap),
        "people": plain(people),
        "covered_before": plain(before),
        "covered": plain(answer.covered),
        "share_before": _share(before, people),
        "share": _share(answer.covered, people),
        "existing": study.kept,
        "candidates": len(study.sites.points) - study.kept,
        "seed": study.question.seed,
        "scenarios": study.question.scenarios,
        "warnings": [{"zh": text.zh, "en": text.en} for text in answer.warnings],
    }


def _ranked(site: str, rank: Ranked) -> Json:
    return {
        "id": site,
        "people_gained": plain(rank.gained),
        "stays": None if rank.stays is None else _number(rank.stays),
    }


def _number(value: float) -> float:
    return plain(round(value, VALUE_DIGITS))


def _share(part: float, whole: float) -> float | None:
    return round(part / whole, SHARE_DIGITS) if whole else None
