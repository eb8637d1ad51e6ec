"""The JSON of a capacity study: loads of the sites, people served and left over."""

import numpy as np

from circle15.planning.demand import Demand, Supply
from circle15.planning.studies.capacity import AreaServed, CapacityAnswer
from circle15.planning.studies.coverage_record import Json, asked_to_json, plain, texts_to_json


def capacity_to_json(answer: CapacityAnswer, demand: Demand, sites: Supply) -> Json:
    """Write an answer; `left_over` lists start points with people nobody serves, most first."""
    question = answer.question
    left = np.flatnonzero(answer.residual > 0)
    order = left[np.lexsort((left, -answer.residual[left]))].tolist()
    return {
        **asked_to_json(question.travel, len(demand.points), len(sites.points)),
        "capacity": question.capacity,
        "order": question.order,
        **_area(answer.whole),
        "sites_in_order": [
            {
                "id": sites.points.id[load.site],
                "within_reach": plain(load.within_reach),
                "served": plain(load.served),
                "spare": plain(load.spare),
            }
            for load in answer.loads
        ],
        "by": {
            name: [{"label": row.label, "start_points": row.places, **_area(row)} for row in rows]
            for name, rows in answer.areas.items()
        },
        "left": [
            {
                "id": demand.points.id[row],
                "people": plain(float(answer.residual[row])),
                "within_reach": bool(answer.within[row]),
                "labels": {name: column[row] for name, column in demand.labels.items()},
            }
            for row in order
        ],
        "warnings": texts_to_json(answer.warnings),
    }


def _area(row: AreaServed) -> Json:
    return {
        "people": plain(row.people),
        "served": plain(row.served),
        "left_over": plain(row.left_over),
        "out_of_reach": plain(row.out_of_reach),
    }
