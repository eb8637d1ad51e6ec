"""Compile the translation catalogues with Babel; no gettext tools needed on the machine."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_stale(source: Path) -> list[Path]:
    """Compile every .po under `source` that is newer than its .mo; return those compiled."""
    pattern = "**/locale/*/LC_MESSAGES/*.po"
    stale = [po for po in sorted(source.glob(pattern)) if _is_stale(po)]
    for po in stale:
        with po.open("rb") as text:
            catalogue = read_po(text)
        draft = po.with_suffix(".mo.new")
        with draft.open("wb") as binary:
            write_mo(binary, catalogue)
        draft.replace(po.with_suffix(".mo"))
    return stale


def _is_stale(po: Path) -> bool:
    mo = po.with_suffix(".mo")
    return not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime


if __name__ == "__main__":
    compile_stale(Path(__file__).resolve().parents[1])
