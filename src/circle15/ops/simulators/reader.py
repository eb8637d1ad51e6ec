"""A card reader and code scanner as halls have them: keyboards that type fast and press Enter.

`python -m circle15.ops.simulators reader [--kind id|ecard]` gives a code nobody owns, to be typed
or shown to a true scanner; tests send `keystrokes` to a browser.
"""

import random
from datetime import date

from circle15.core.identifiers import resident_id_check_character

# Readers send a key every few milliseconds; no person types like this.
KEY_INTERVAL_MS = 8
# No division has this code, so the number belongs to nobody.
NOWHERE = "990000"
ECARD_LENGTH = 28
_ECARD_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def synthetic_resident_id(born: date, *, serial: int = 1) -> str:
    """Return a well-formed number of nobody born on a day."""
    body = f"{NOWHERE}{born:%Y%m%d}{serial:03}"
    return body + resident_id_check_character(body)


def synthetic_ecard(seed: int) -> str:
    """Return a code as a phone shows it for a minute (医保码)."""
    chosen = random.Random(seed)  # noqa: S311 -- a sample, not a secret
    return "".join(chosen.choices(_ECARD_CHARACTERS, k=ECARD_LENGTH))


def keystrokes(code: str) -> tuple[str, ...]:
    """Return the keys a reader presses."""
    return (*code, "Enter")
