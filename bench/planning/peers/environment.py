"""Give the benchmarks an environment of its own for packages the product must not depend on.

`python -m bench.planning.peers.environment` makes it: var/peers, from requirements/peers.txt, by
hash.
"""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
LOCK = ROOT / "requirements" / "peers.txt"
HOME = Path(os.environ.get("CIRCLE15_PEERS_DIR", ROOT / "var" / "peers"))
UV = Path(sys.executable).with_name("uv")


def peers_python() -> Path:
    """Make the environment if it isn't there as the lock file says; give its interpreter."""
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    stamp, python = HOME / ".stamp", HOME / "bin" / "python"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        print(f"· installing the packages to measure against into {HOME}", flush=True)
        _must(UV, "venv", "--quiet", "--clear", "--python", sys.executable, HOME)
        _must(UV, "pip", "install", "--quiet", "--python", python, "--require-hashes", "-r", LOCK)
        stamp.write_text(wanted, encoding="utf-8")
    return python


def ask_peer(script: Path, *words: object) -> dict[str, object]:
    """Run a script among the peers; it prints one JSON object as its last line."""
    command = [str(peers_python()), str(script), *map(str, words)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    if told.returncode != 0:
        sys.exit(f"{script.name} failed:\n{told.stderr[-2000:]}")
    answer = json.loads(told.stdout.splitlines()[-1])
    assert isinstance(answer, dict)
    return answer


def _must(*command: object) -> None:
    subprocess.run([str(word) for word in command], check=True)


if __name__ == "__main__":
    print(peers_python())
