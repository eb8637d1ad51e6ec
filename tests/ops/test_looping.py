"""Rounds of background work follow each other at once while an action has more to do."""

from circle15.ops.looping import _round


def test_a_round_tells_whether_an_action_has_more() -> None:
    waiting = list(range(5))

    def some(*, at: object) -> int:
        done, waiting[:] = waiting[:2], waiting[2:]
        return len(done)

    some.most_a_round = 2  # type: ignore[attr-defined]
    assert [_round([some]) for _each in range(4)] == [True, True, False, False]
    assert not _round([lambda *, at: 10_000])  # it never said how much it does a round
