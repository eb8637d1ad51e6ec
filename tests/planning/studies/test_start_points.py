"""Placeholder villages are left out, by flag or by name."""

import numpy as np

from circle15.planning.demand import Demand, Points
from circle15.planning.studies.start_points import without_placeholders


def villages(**columns) -> Demand:
    ids = tuple("ABC")
    groups = {name: np.array(values) for name, values in columns.items() if name == "placeholder"}
    labels = {name: tuple(values) for name, values in columns.items() if name not in groups}
    points = Points(ids, np.arange(3.0), np.arange(3.0), None)
    return Demand(points, np.array([1.0, 2.0, 4.0]), groups, labels)


def test_flags_of_every_habit_leave_a_village_out() -> None:
    for flags in ({"virtual": ["False", "True", ""]}, {"placeholder": [0.0, 1.0, 0.0]}):
        kept, left_out = without_placeholders(villages(**flags))
        assert (kept.points.id, left_out) == (("A", "C"), 1)
        assert kept.weight.tolist() == [1.0, 4.0]


def test_a_placeholder_gives_itself_away_by_its_name() -> None:
    kept, left_out = without_placeholders(villages(name=["甲村", "乙村", "开发区虚拟社区"]))
    assert (kept.points.id, kept.labels["name"], left_out) == (("A", "B"), ("甲村", "乙村"), 1)


def test_without_flags_everyone_stays() -> None:
    kept, left_out = without_placeholders(villages())
    assert (len(kept.points), left_out) == (3, 0)
