"""What a planner should look at in places that were joined to the roads."""

from collections.abc import Sequence

import numpy as np

from circle15.planning.arrays import F64, I64
from circle15.standards.text import Text

NAMED = 5
"""How many places a remark names."""


def far_from_roads(ids: Sequence[str], gap_m: F64, limit_m: float) -> tuple[Text, ...]:
    """Name the places farther from the road than the limit, the farthest first."""
    far = np.flatnonzero(gap_m > limit_m)
    if not len(far):
        return ()
    worst = far[np.argsort(-gap_m[far], kind="stable")]
    zh, _ = _named([f"{ids[i]} {_metres(gap_m[i], '附近没有路')}" for i in worst.tolist()])
    _, en = _named([f"{ids[i]} {_metres(gap_m[i], 'no road near')}" for i in worst.tolist()])
    return (
        Text(
            f"{len(far)} 处距最近的路超过 {limit_m:g} 米：{zh}",
            f"over {limit_m:g} m from a road: {len(far)} ({en})",
        ),
    )


def off_the_largest_part(ids: Sequence[str], part: I64) -> tuple[Text, ...]:
    """Name the places at roads that do not hang together with the largest part."""
    apart = np.flatnonzero(part != 0)
    if not len(apart):
        return ()
    zh, en = _named([ids[i] for i in apart.tolist()])
    return (
        Text(
            f"{len(apart)} 处所在的路与路网的最大部分不相通：{zh}",
            f"on roads not connected with the largest part: {len(apart)} ({en})",
        ),
    )


def _named(names: list[str]) -> tuple[str, str]:
    more_zh, more_en = ("等", ", …") if len(names) > NAMED else ("", "")
    return "、".join(names[:NAMED]) + more_zh, ", ".join(names[:NAMED]) + more_en


def _metres(gap_m: float, none: str) -> str:
    return f"{gap_m:.0f} m" if np.isfinite(gap_m) else none
