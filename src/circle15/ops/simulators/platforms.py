"""The simulated core platform with its decoder of e-certificates, and the line that leads there.

`python -m circle15.ops.simulators core-platform [--var FOLDER]` writes `core_platform.json` into
the folder unless a true line stands there, and serves until it is ended.
"""

import json
import secrets
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from circle15.cases.core_platform.line import FILE, keep_line, line_in
from circle15.cases.core_platform.sm2 import PrivateKey
from circle15.ops.simulators.core_platform import CorePlatformSimulator
from circle15.ops.simulators.ecard import EcardSimulator

MARK = "simulated"
_FOLDER = "simulators"
_KEY_FILE, _STATE_FILE = "core_platform.json", "core_platform.sqlite3"
INSTITUTION, DIVISION = "H32068100001", "320681"


class TrueLine(Exception):
    """A true line is set up: nothing is simulated over it."""


def run(var: Path) -> None:
    """Serve until the process is ended. Raises TrueLine."""
    with ExitStack() as stack:
        sys.stdout.write(json.dumps(serve(var, stack).addresses) + "\n")
        sys.stdout.flush()
        while True:
            time.sleep(60)


@dataclass(frozen=True, slots=True)
class Serving:
    """Both simulators, while they run."""

    platform: CorePlatformSimulator
    decoder: EcardSimulator

    @property
    def addresses(self) -> dict[str, object]:
        control = self.platform.control_port
        return {"url": self.platform.url, "ecard": self.decoder.url, "control": control}


def serve(var: Path, stack: ExitStack) -> Serving:
    """Start both and write the line. Raises TrueLine."""
    if _is_true(var):
        raise TrueLine(var / FILE)
    known = _known(var)
    token_key = bytes.fromhex(str(known["token_key"]))
    ecard = stack.enter_context(EcardSimulator(token_key))
    line = _told(known, "http://127.0.0.1:1/", ecard.url)
    keep_line(var, line)
    made = line_in(var)
    assert made is not None
    state = var / _FOLDER / _STATE_FILE
    key = PrivateKey.read(str(known["platform_key"]))
    platform = stack.enter_context(
        CorePlatformSimulator(made, key, state_path=str(state), token_key=token_key)
    )
    keep_line(var, {**line, "url": platform.url})
    return Serving(platform, ecard)


def _told(known: dict[str, object], url: str, ecard_url: str) -> dict[str, object]:
    platform = PrivateKey.read(str(known["platform_key"]))
    return {
        MARK: True,
        "url": url,
        "ecard_url": ecard_url,
        "fixmedins_code": INSTITUTION,
        "fixmedins_name": "启东市医保中心（合成）",
        "division": DIVISION,
        "receiver": "MBS_LOCAL",
        "secret": known["secret"],
        "private_key": known["private_key"],
        "platform_key": str(platform.public),
        "sm4_key": known["sm4_key"],
        "settle_s": 15,
    }


def _known(var: Path) -> dict[str, object]:
    """Return the keys of both sides, made at the first start."""
    path = var / _FOLDER / _KEY_FILE
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        keys = {
            "private_key": PrivateKey.fresh().to_text(),
            "platform_key": PrivateKey.fresh().to_text(),
            "secret": secrets.token_hex(16),
            "sm4_key": secrets.token_hex(16),
            "token_key": secrets.token_hex(16),
        }
        path.touch(mode=0o600)
        path.write_text(json.dumps(keys), encoding="utf-8")
    told = json.loads(path.read_text(encoding="utf-8"))
    assert isinstance(told, dict)
    return told


def _is_true(var: Path) -> bool:
    path = var / FILE
    if not path.exists():
        return False
    told = json.loads(path.read_text(encoding="utf-8"))
    return not told.get(MARK)
