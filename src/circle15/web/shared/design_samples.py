"""Made-up content of the style guide: rows, a chart, a small map."""

from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from circle15.web.shared.icons import ICONS

ICON_NAMES: Final = tuple(ICONS)

_KINDS = (_("镇级服务中心"), _("村级服务点"), _("银行网点"))
_TONES = (
    ("good", _("达标")),
    ("warn", _("待整改")),
    ("bad", _("不达标")),
    ("idle", _("未评")),
)

ROWS: Final = tuple(
    {
        "name": f"示例{number}镇医保服务站",
        "kind": _KINDS[number % 3],
        "area": 60 + number * 17,
        "points": Decimal(58 + number * 2) + (Decimal("0.5") if number % 2 else 0),
        "tone": _TONES[number % 4][0],
        "word": _TONES[number % 4][1],
    }
    for number in range(1, 19)
)

CHART: Final[dict[str, Any]] = {
    "kind": "bar",
    "categories": [_("60 分以下"), "60–69", "70–79", "80–89", _("90 分以上")],
    "series": [{"name": _("站点数"), "values": [3, 8, 21, 14, 5]}],
}


def _feature(geometry: str, coordinates: object, **properties: object) -> dict[str, object]:
    return {
        "type": "Feature",
        "geometry": {"type": geometry, "coordinates": coordinates},
        "properties": properties,
    }


def _square(west: float, south: float, name: str) -> dict[str, object]:
    east, north = west + 0.12, south + 0.09
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return _feature("Polygon", [ring], name=name, level="town", synthetic=True)


def _collection(*features: dict[str, object]) -> dict[str, object]:
    return {"type": "FeatureCollection", "features": list(features)}


LAYERS: Final = {
    "boundaries": _collection(
        _square(121.50, 31.80, "示例东镇"),
        _square(121.62, 31.80, "示例西镇"),
        _square(121.50, 31.89, "示例北镇"),
        _square(121.62, 31.89, "示例南镇"),
    ),
    "roads": _collection(
        _feature("LineString", [[121.50, 31.84], [121.60, 31.86], [121.74, 31.85]], weight=3),
        _feature("LineString", [[121.58, 31.80], [121.62, 31.89], [121.61, 31.98]], weight=2),
    ),
    "sites": _collection(
        _feature(
            "Point",
            [121.56, 31.85],
            id="1",
            name="示例东镇医保服务站",
            kind="镇级服务中心",
            lines=["得分 86.5"],
            shape="circle",
            tone="good",
            label="1",
            url="/design/",
        ),
        _feature(
            "Point",
            [121.68, 31.84],
            id="2",
            name="示例西村服务点",
            kind="村级服务点",
            shape="square",
            tone="warn",
            label="2",
            url="/design/",
        ),
        _feature(
            "Point",
            [121.57, 31.94],
            id="3",
            name="示例北银行网点",
            kind="银行网点",
            shape="hexagon",
            tone="bad",
            label="3",
            url="/design/",
        ),
    ),
}
