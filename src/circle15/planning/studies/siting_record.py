"""The JSON of a siting study: ranked proposals, value, bound and gap."""

from circle15.planning.siting.question import Ranked
from circle15.planning.studies.coverage_record import SHARE_DIGITS, Json, plain
from circle15.planning.studies.siting import SitingStudy

VALUE_DIGITS = 6


def siting_to_json(study: SitingStudy) -> Json:
    """Write a study by ids; the same study gives the same bytes (no times of day, no seconds)."""
    answer, wish = study.answer, study.wish
    return {
        "mode": wish.mode,
        "minutes": plain(wish.minutes),
        "objective": answer.objective.value,
        "status": answer.status,
        "chosen": [study.places.id[site] for site in answer.chosen],
        "ranked": [_ranked(study, rank) for rank in answer.ranked],
        "value": _number(answer.value),
        "bound": _number(answer.bound),
        "gap": _number(answer.gap),
        "people": plain(study.people),
        "covered_before": plain(study.covered_before),
        "covered": plain(answer.covered),
        "share_before": _share(study.covered_before, study.people),
        "share": _share(answer.covered, study.people),
        "existing": study.existing,
        "candidates": len(study.places) - study.existing,
        "seed": wish.seed,
        "scenarios": wish.scenarios,
        "warnings": [{"zh": text.zh, "en": text.en} for text in answer.warnings],
    }


def _ranked(study: SitingStudy, rank: Ranked) -> Json:
    return {
        "id": study.places.id[rank.site],
        "people_gained": plain(rank.gained),
        "stays": None if rank.stays is None else _number(rank.stays),
    }


def _number(value: float) -> float:
    return plain(round(value, VALUE_DIGITS))


def _share(part: float, whole: float) -> float | None:
    return round(part / whole, SHARE_DIGITS) if whole else None
