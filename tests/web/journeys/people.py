"""Who comes: people nobody has met before, with numbers and phones that nobody has.

What they are called is looked for on disk afterwards, so no word of it may stand anywhere else.
"""

from dataclasses import dataclass

from circle15.core.identifiers import resident_id_check_character

TOWN = "320681110000"


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody at a window for the first time."""

    name: str
    id_number: str
    phone: str


def newcomer(serial: int) -> Newcomer:
    body = f"99999919670418{510 + serial:03d}"
    number = body + resident_id_check_character(body)
    return Newcomer(f"鹮{'甲乙丙丁戊己庚辛壬癸'[serial]}卯", number, f"1005{serial}2741{serial}3")


EVERYBODY = tuple(newcomer(serial) for serial in range(10))
