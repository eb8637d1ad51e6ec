"""What is said of an answer that uses fewer sites than it might."""

import numpy as np
import pytest
from tests.planning.siting.small import reach_of

from circle15.planning.siting.question import Objective, Question
from circle15.planning.siting.remarks import TOO_DEAR_OR_FULL
from circle15.planning.siting.solve import solve

NEAR = reach_of(np.where(np.eye(3, dtype=bool), 1.0, 9.0), 5.0)
PEOPLE = np.array([30.0, 20.0, 10.0])


def said(weight=PEOPLE, reach=NEAR, **question):
    answer = solve(reach, weight, Question(objective=Objective.MCLP, **question))
    return [(text.zh, text.en) for text in answer.warnings]


@pytest.mark.parametrize(
    ("question", "zh", "en"),
    [
        (
            {"budget": 7.0, "cost": np.array([4.0, 4.0, 5.0])},
            "只用了 1 处（可用 2 处）：余下的预算不够再建一处",
            "1 of 2 sites used: what is left of the budget pays for no other site",
        ),
        (
            {"town": ("A", "A", "A"), "at_most_per_town": 1},
            "只用了 1 处（可用 2 处）：其余候选点所在乡镇都已到每镇至多的个数",
            "1 of 2 sites used: every other candidate is in a town that is full",
        ),
        (
            {
                "budget": 7.0,
                "cost": np.array([4.0, 1.0, 5.0]),
                "town": ("A", "A", "B"),
                "at_most_per_town": 1,
            },
            f"只用了 1 处（可用 2 处）：{TOO_DEAR_OR_FULL.zh}",
            f"1 of 2 sites used: {TOO_DEAR_OR_FULL.en}",
        ),
    ],
)
def test_what_stopped_the_choice_is_said(question, zh, en):
    assert said(sites=2, **question) == [(zh, en)]


def test_more_is_said_to_be_no_better_only_where_it_is_not():
    everyone_by_one = reach_of(np.ones((3, 3)), 5.0)
    assert said(reach=everyone_by_one, sites=2) == [
        (
            "只用了 1 处（可用 2 处）：再多也不能更好",
            "1 of 2 sites used: more would not make it better",
        )
    ]
    cheap = {"budget": 2.0, "cost": np.array([1.0, 1.0, 9.0])}
    assert said(reach=everyone_by_one, sites=2, **cheap) == [
        (
            "只用了 1 处（可用 2 处）：余下的预算还建得起的，再建也不能更好",
            "1 of 2 sites used: what the budget left pays for would not make it better",
        )
    ]


def test_room_and_way_are_told_apart():
    ((zh, en),) = said(sites=1, capacity=np.full(3, 5.0))
    assert zh == "目标值只算网点容量之内能服务的人；覆盖人数和各处新增人数按路程算，不受容量限制"
    assert en.startswith("the value counts the people the sites have room for;")
