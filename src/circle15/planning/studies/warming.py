"""Compile what the studies need before somebody waits for it: seconds once, then it is on disk."""

import numpy as np

from circle15.planning.arrays import F64
from circle15.planning.demand import Demand, Points, Supply
from circle15.planning.hall.assumptions import read_hall_file
from circle15.planning.hall.plan import Question, plan_hall
from circle15.planning.hall.staffing import Trials
from circle15.planning.network.build import Arcs, Nodes, build
from circle15.planning.siting.question import Objective
from circle15.planning.studies.asked import CoverageQuestion, SitingWish
from circle15.planning.studies.coverage import study_coverage
from circle15.planning.studies.siting import study_siting
from circle15.planning.synthetic import CLASSES, synthetic_city

STEP = 7


def warm_up() -> None:
    """Run each study once on a hamlet."""
    made = synthetic_city(np.random.default_rng(0), 400)
    nodes = Nodes(made.lon, made.lat, np.arange(len(made.lon)))
    arcs = Arcs(made.tail, made.head, made.length_m, made.road_class, made.time_s)
    network = build(nodes, arcs, CLASSES, {})
    homes, sites = _points(made.lon[::STEP], made.lat[::STEP]), _points(made.lon[:3], made.lat[:3])
    demand = Demand(homes, made.people[::STEP] + 1, {}, {})
    now, next_ones = Supply(sites, None, None, {}), Supply(homes, None, None, {})
    study_coverage(network, demand, now, CoverageQuestion("ebike", 5))
    for objective in (Objective.MCLP, Objective.P_MEDIAN):
        wish = SitingWish("ebike", 100, objective, sites=2, scenarios=1)
        study_siting(network, demand, now, next_ones, wish)
    cover = SitingWish("ebike", 5, Objective.LSCP, cover=0.9, scenarios=1)
    study_siting(network, demand, now, next_ones, cover)
    plan_hall(Question(read_hall_file(None, {}), people=20_000, trials=Trials(days=20)))


def _points(lon: F64, lat: F64) -> Points:
    return Points(tuple(str(row) for row in range(len(lon))), lon, lat, None)
