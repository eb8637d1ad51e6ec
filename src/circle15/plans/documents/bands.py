"""Start points by minutes: six bands around the limit, in the order of their colours."""

from collections.abc import Iterable, Sequence
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


def fate_of(first: float | None, second: float | None, limits: tuple[float, float]) -> Fate:
    """Say what becomes of a start point from the first plan to the second."""
    was = first is not None and first <= limits[0]
    will = second is not None and second <= limits[1]
    if was:
        return Fate.BOTH if will else Fate.LOST
    return Fate.GAINED if will else Fate.NEITHER


def bands_of(minutes: Minutes, limit: float) -> tuple[Band, ...]:
    """Say it for all start points."""
    return tuple(band_of(each, limit) for each in minutes)


def legend(bands: Iterable[str], people: Iterable[float], limit: float) -> tuple[Key, ...]:
    """Count points and people of every band; all six stand there, also empty ones."""
    return _counted({band.value: label for band, label in _labels(limit).items()}, bands, people)


def fates_legend(fates: Iterable[str], people: Iterable[float]) -> tuple[Key, ...]:
    """Count points and people of every fate."""
    labels = {
        Fate.BOTH.value: _("两个方案都覆盖"),
        Fate.GAINED.value: _("方案乙新覆盖"),
        Fate.LOST.value: _("方案乙不再覆盖"),
        Fate.NEITHER.value: _("两个方案都不覆盖"),
    }
    return _counted(labels, fates, people)


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


def _counted(
    labels: dict[str, str], styles: Iterable[str], people: Iterable[float]
) -> tuple[Key, ...]:
    found = dict.fromkeys(labels, (0, 0.0))
    for style, count in zip(styles, people, strict=True):
        points, before = found[style]
        found[style] = points + 1, before + count
    return tuple(Key(style, label, *found[style]) for style, label in labels.items())
