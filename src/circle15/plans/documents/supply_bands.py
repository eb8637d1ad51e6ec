"""Start points by what they get, not by minutes: the colours of maps about supply."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from circle15.plans.documents.bands import Band
from circle15.plans.documents.table import amount
from circle15.plans.states import PlanKind


class Styles(NamedTuple):
    """The band of every start point, and what each band means."""

    bands: tuple[Band, ...]
    labels: Mapping[str, str]


NONE = Styles((), {})


def styles_of(kind: str, result: Mapping[str, Any], codes: Sequence[str]) -> Styles:
    """Give the colours of a plan about supply; of all others none."""
    if kind == PlanKind.ACCESS and result["mean"]:
        return _access(result)
    if kind == PlanKind.CAPACITY:
        return _capacity(result, codes)
    return _referral(result) if kind == PlanKind.REFERRAL else NONE


def _access(result: Mapping[str, Any]) -> Styles:
    """Set every place against the mean: half of it, all, one and a half, twice."""
    mean: float = result["mean"]
    steps = ((0.5, Band.FAR), (1, Band.BEYOND), (1.5, Band.WITHIN), (2, Band.MIDDLE))
    half, whole, more, twice = (amount(share * mean) for share, _band in steps)

    def band(rate: float) -> Band:
        if not rate:
            return Band.NO_WAY
        return next((band for share, band in steps if rate < share * mean), Band.NEAR)

    labels = {
        Band.NEAR: _("每万人 %(n)s 以上") % {"n": twice},
        Band.MIDDLE: _("%(from)s–%(to)s") % {"from": more, "to": twice},
        Band.WITHIN: _("%(from)s–%(to)s，高于平均") % {"from": whole, "to": more},
        Band.BEYOND: _("%(from)s–%(to)s，低于平均") % {"from": half, "to": whole},
        Band.FAR: _("不到 %(n)s，不到平均的一半") % {"n": half},
        Band.NO_WAY: _("一个也到不了"),
    }
    bands = tuple(band(point["rate"]) for point in result["points"])
    return Styles(bands, _by_style(labels))


def _capacity(result: Mapping[str, Any], codes: Sequence[str]) -> Styles:
    left = {row["id"]: row for row in result["left"]}

    def band(code: str) -> Band:
        row = left.get(code)
        if row is None:
            return Band.NEAR
        return Band.BEYOND if row["within_reach"] else Band.NO_WAY

    labels = {
        Band.NEAR: _("全部排上"),
        Band.BEYOND: _("到得了，但没有全部排上"),
        Band.NO_WAY: _("时限内到不了"),
    }
    return Styles(tuple(band(code) for code in codes), _by_style(labels))


def _referral(result: Mapping[str, Any]) -> Styles:
    """Tell those who reach every level from those cut off, on the way or at once."""

    def band(steps: Sequence[Mapping[str, Any]]) -> Band:
        if all(step["site"] for step in steps):
            return Band.NEAR
        return Band.BEYOND if steps[0]["site"] else Band.NO_WAY

    labels = {
        Band.NEAR: _("每一级都在时限内"),
        Band.BEYOND: _("中途断开"),
        Band.NO_WAY: _("第一级就到不了"),
    }
    return Styles(tuple(band(chain["steps"]) for chain in result["chains"]), _by_style(labels))


def _by_style(labels: Mapping[Band, str]) -> dict[str, str]:
    return {band.value: label for band, label in labels.items()}
