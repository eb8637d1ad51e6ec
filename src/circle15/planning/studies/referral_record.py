"""The JSON of a referral study: the chain of every start point, and who comes where."""

from circle15.planning.arrays import DS_PER_MINUTE
from circle15.planning.coverage.referral import Referral
from circle15.planning.studies.coverage_record import (
    MINUTE_DIGITS,
    Json,
    asked_to_json,
    plain,
    texts_to_json,
)
from circle15.planning.studies.referral import ReferralAnswer


def referral_to_json(answer: ReferralAnswer) -> Json:
    """Write an answer; minutes to 2 digits, null where no site is within the minutes of a step."""
    levels, people = answer.levels, answer.people
    sites = sum(len(level.points) for level in levels[1:])
    return {
        **asked_to_json(answer.question, len(levels[0].points), sites),
        "levels": [{"name": level.name, "places": len(level.points)} for level in levels],
        "complete": sum(chain.total_ds is not None for chain in answer.chains),
        **({} if people is None else _people(answer)),
        "chains": [_chain(answer, chain) for chain in answer.chains],
        "warnings": texts_to_json(answer.warnings),
    }


def _people(answer: ReferralAnswer) -> Json:
    assert answer.people is not None
    start = answer.people[0]
    complete = [chain.site for chain in answer.chains if chain.total_ds is not None]
    return {
        "people": plain(float(start.sum())),
        "people_complete": plain(float(start[complete].sum())),
        "received": [
            {
                "level": level.name,
                "sites": [
                    {"id": place, "people": plain(float(count))}
                    for place, count in zip(level.points.id, counts, strict=True)
                ],
            }
            for level, counts in zip(answer.levels[1:], answer.people[1:], strict=True)
        ],
    }


def _chain(answer: ReferralAnswer, chain: Referral) -> Json:
    row: Json = {"id": answer.levels[0].points.id[chain.site]}
    if answer.people is not None:
        row["people"] = plain(float(answer.people[0][chain.site]))
    steps = zip(chain.steps, answer.levels[1:], strict=True)
    return row | {
        "steps": [
            {
                "site": None if step.site is None else level.points.id[step.site],
                "minutes": _minutes(step.time_ds),
            }
            for step, level in steps
        ],
        "minutes": _minutes(chain.total_ds),
    }


def _minutes(time_ds: int | None) -> float | None:
    return None if time_ds is None else plain(round(time_ds / DS_PER_MINUTE, MINUTE_DIGITS))
