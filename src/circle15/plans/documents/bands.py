"""Start points by minutes: six bands around the limit, in the order of their colours."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

Minutes = Sequence[float | None]


class Band(StrEnum):
    """A third, two thirds, the whole of the limit; twice the limit, more; no way at all."""

    NEAR = "near"
    MIDDLE = "middle"
    WITHIN = "within"
    BEYOND = "beyond"
    FAR = "far"
    NO_WAY = "no_way"


IN_TIME = frozenset({Band.NEAR, Band.MIDDLE, Band.WITHIN})


class Fate(StrEnum):
    """A start point under two plans."""

    BOTH = "both"
    GAINED = "gained"
    LOST = "lost"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Key:
    """One line of the legend, with how many points and people it stands for."""

    style: str
    label: str
    points: int
    people: float


def band_of(minutes: float | None, limit: float) -> Band:
    """Say in which band a start point lies."""
    if minutes is None:
        return Band.NO_WAY
    steps = ((limit / 3, Band.NEAR), (limit * 2 / 3, Band.MIDDLE), (limit, Band.WITHIN))
    return next(
        (band for most, band in (*steps, (2 * limit, Band.BEYOND)) if minutes <= most), Band.FAR
    )


def fate_of(was: bool, will: bool) -> Fate:  # noqa: FBT001 -- before and after
    """Say what becomes of a start point that was within reach, or will be."""
    if was:
        return Fate.BOTH if will else Fate.LOST
    return Fate.GAINED if will else Fate.NEITHER


def bands_of(minutes: Minutes, limit: float, within: Sequence[bool] = ()) -> tuple[Band, ...]:
    """Say it for all start points; `within`: who is, where each kind of site has its own limit."""
    bands = tuple(band_of(each, limit) for each in minutes)
    if not within:
        return bands
    return tuple(_moved(band, is_within) for band, is_within in zip(bands, within, strict=True))


def _moved(band: Band, is_within: bool) -> Band:  # noqa: FBT001 -- one caller
    if is_within:
        return band if band in IN_TIME else Band.WITHIN
    return Band.BEYOND if band in IN_TIME else band


def legend(
    bands: Iterable[str], people: Iterable[float], limit: float, *, by_kind: bool = False
) -> tuple[Key, ...]:
    """Count points and people of every band; all six stand there, also empty ones.

    `by_kind`: each kind of site has its own limit, and what is too far for its kind is beyond.
    """
    labels = _labels(limit) | (_labels_by_kind(limit) if by_kind else {})
    return counted({band.value: label for band, label in labels.items()}, bands, people)


def fates_legend(fates: Iterable[str], people: Iterable[float]) -> tuple[Key, ...]:
    """Count points and people of every fate."""
    labels = {
        Fate.BOTH.value: _("两个方案都覆盖"),
        Fate.GAINED.value: _("方案乙新覆盖"),
        Fate.LOST.value: _("方案乙不再覆盖"),
        Fate.NEITHER.value: _("两个方案都不覆盖"),
    }
    return counted(labels, fates, people)


def _labels(limit: float) -> dict[Band, str]:
    third, two_thirds, whole, twice = (
        f"{each:.3g}" for each in (limit / 3, limit * 2 / 3, limit, 2 * limit)
    )
    return {
        Band.NEAR: _("%(to)s 分钟以内") % {"to": third},
        Band.MIDDLE: _("%(from)s–%(to)s 分钟") % {"from": third, "to": two_thirds},
        Band.WITHIN: _("%(from)s–%(to)s 分钟") % {"from": two_thirds, "to": whole},
        Band.BEYOND: _("%(from)s–%(to)s 分钟，超出") % {"from": whole, "to": twice},
        Band.FAR: _("%(from)s 分钟以上，超出") % {"from": twice},
        Band.NO_WAY: _("没有路可到"),
    }


def _labels_by_kind(limit: float) -> dict[Band, str]:
    return {
        Band.WITHIN: _("在该类网点的时限内"),
        Band.BEYOND: _("%(to)s 分钟以内，但超出该类网点的时限") % {"to": f"{2 * limit:.3g}"},
    }


def counted(
    labels: Mapping[str, str], styles: Iterable[str], people: Iterable[float]
) -> tuple[Key, ...]:
    """Count points and people of every style that has a label."""
    found = dict.fromkeys(labels, (0, 0.0))
    for style, count in zip(styles, people, strict=True):
        points, before = found[style]
        found[style] = points + 1, before + count
    return tuple(Key(style, label, *found[style]) for style, label in labels.items())
