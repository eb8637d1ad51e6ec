"""The coordinate system a file declares: in its notes sheet, or with the upload."""

from collections.abc import Sequence

from django.utils.translation import gettext_noop as _

from circle15.core.coordinates import CoordinateSystem
from circle15.core.messages import NOTHING, Message
from circle15.core.text import cell_text, tidy
from circle15.imports.reading import RawSheet

NOTES_SHEET = "填写说明"
LABEL = "坐标系"
SYSTEMS = {
    _("WGS-84（GPS）"): CoordinateSystem.WGS84,
    _("CGCS2000（天地图）"): CoordinateSystem.CGCS2000,
    _("GCJ-02（高德、腾讯）"): CoordinateSystem.GCJ02,
    _("BD-09（百度）"): CoordinateSystem.BD09,
}
UNDECLARED = Message(
    "表中有经纬度，但没有声明坐标系：请在“%(sheet)s”表的“%(label)s”处选择，或在上传时选择",
    sheet=NOTES_SHEET,
    label=LABEL,
)


def declared_in(sheets: Sequence[RawSheet]) -> tuple[CoordinateSystem | None, Message]:
    """Find what the notes sheet declares, and what is wrong with it."""
    for sheet in sheets:
        if sheet.title.strip() == NOTES_SHEET:
            return _declared(sheet)
    return None, NOTHING


def _declared(sheet: RawSheet) -> tuple[CoordinateSystem | None, Message]:
    for row in sheet.rows:
        cells = [cell_text(cell).strip() for cell in row]
        if LABEL in cells:
            typed = next((cell for cell in cells[cells.index(LABEL) + 1 :] if cell), "")
            system = system_named(typed)
            if typed and system is None:
                return None, unknown_system(typed)
            return system, NOTHING
    return None, NOTHING


def unknown_system(typed: str) -> Message:
    """Say that nothing is known under a name, and what is."""
    return Message(
        "不认识坐标系“%(typed)s”，可填：%(systems)s", typed=typed[:20], systems=list(SYSTEMS)
    )


def system_named(typed: str) -> CoordinateSystem | None:
    """Give the system meant by a label or a short name (wgs84, GCJ-02 …)."""
    plain = _plain(typed)
    for label, system in SYSTEMS.items():
        if plain and plain in {_plain(label), _plain(label.split("（")[0]), system.value}:
            return system
    return None


def _plain(name: str) -> str:
    return tidy(name).text.lower().replace("-", "").replace(" ", "")
