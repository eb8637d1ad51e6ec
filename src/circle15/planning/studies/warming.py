"""Compile what the studies need before somebody waits for it: seconds once, then it is on disk."""

import numpy as np

from circle15.planning.arrays import F64
from circle15.planning.demand import Demand, Points, Supply
from circle15.planning.hall.assumptions import read_hall_file
from circle15.planning.hall.plan import Question, plan_hall
from circle15.planning.hall.staffing import Trials
from circle15.planning.network.build import Arcs, Nodes, build
from circle15.planning.network.model import Network
from circle15.planning.siting.asked import Asked
from circle15.planning.siting.objective import Objective
from circle15.planning.studies.access import AccessQuestion, study_access
from circle15.planning.studies.asked import CoverageQuestion
from circle15.planning.studies.capacity import CapacityQuestion, study_capacity
from circle15.planning.studies.coverage import study_coverage
from circle15.planning.studies.siting import study_siting
from circle15.planning.synthetic import CLASSES, SyntheticCity, synthetic_city

STEP = 7
BY_EBIKE = CoverageQuestion("ebike", 5)
SITINGS = (
    Asked(objective=Objective.MCLP, sites=2, limit=60_000, scenarios=1),
    Asked(objective=Objective.P_MEDIAN, sites=2, limit=60_000, scenarios=1),
    Asked(objective=Objective.LSCP, cover=0.9, limit=BY_EBIKE.limit_ds, scenarios=1),
)


def warm_up() -> None:
    """Run each study once on a hamlet, and the plan of a hall."""
    made = synthetic_city(np.random.default_rng(0), 400)
    network = _network(made)
    homes, sites = _points(made.lon[::STEP], made.lat[::STEP]), _points(made.lon[:3], made.lat[:3])
    demand = Demand(homes, made.people[::STEP] + 1, {}, {})
    now = Supply(sites, None, None, {"windows": ("2", "3", "4")})
    study_coverage(network, demand, now, BY_EBIKE)
    study_access(network, demand, now, AccessQuestion(BY_EBIKE, "windows"))
    study_capacity(network, demand, now, CapacityQuestion(BY_EBIKE, "windows"))
    candidates = Supply(homes, None, None, {})
    for asked in SITINGS:
        study_siting(network, demand, now, candidates, "ebike", asked)
    plan_hall(Question(read_hall_file(None, {}), people=20_000, trials=Trials(days=20)))


def _network(made: SyntheticCity) -> Network:
    nodes = Nodes(made.lon, made.lat, np.arange(len(made.lon)))
    arcs = Arcs(made.tail, made.head, made.length_m, made.road_class, made.time_s)
    return build(nodes, arcs, CLASSES, {})


def _points(lon: F64, lat: F64) -> Points:
    return Points(tuple(str(row) for row in range(len(lon))), lon, lat, None)
