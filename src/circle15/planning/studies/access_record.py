"""The JSON of an access study: supply per 10,000 people."""

from circle15.planning.demand import Demand
from circle15.planning.studies.access import STEPS, AccessAnswer, AreaAccess
from circle15.planning.studies.coverage_record import Json, asked_to_json, plain, texts_to_json

PER = 10_000
RATE_DIGITS = 6


def access_to_json(answer: AccessAnswer, demand: Demand, site_count: int) -> Json:
    """Write an answer; rates are supply per 10,000 people within reach, to 6 digits."""
    question = answer.question
    return {
        **asked_to_json(question.travel, len(demand.points), site_count),
        "supply": {"column": question.supply, "total": plain(answer.supply)},
        "decay": question.decay,
        "zones": [
            {"minutes": plain(minutes), "weight": weight} for minutes, weight in question.steps
        ]
        if question.decay == STEPS
        else [],
        "counted": question.people,
        "per": PER,
        **_area(answer.whole),
        "by": {
            name: [{"label": row.label, "start_points": row.places, **_area(row)} for row in rows]
            for name, rows in answer.areas.items()
        },
        "points": [
            {
                "id": place,
                "people": plain(float(people)),
                "rate": _rate(float(rate)),
                "labels": {name: column[row] for name, column in demand.labels.items()},
            }
            for row, (place, people, rate) in enumerate(
                zip(demand.points.id, answer.people, answer.per_person, strict=True)
            )
        ],
        "warnings": texts_to_json(answer.warnings),
    }


def _area(row: AreaAccess) -> Json:
    return {
        "people": plain(row.people),
        "without": plain(row.without),
        "mean": _rate(row.mean),
        "least": _rate(row.least),
        "most": _rate(row.most),
    }


def _rate(per_person: float | None) -> float | None:
    return None if per_person is None else plain(round(per_person * PER, RATE_DIGITS))
