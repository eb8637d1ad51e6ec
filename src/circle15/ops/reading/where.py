"""Where the environment is that can read photos, if there is one."""

from pathlib import Path

ENGINE = Path(__file__).with_name("engine.py")


def interpreter(var: Path) -> Path:
    """Return the Python of the extra, which exists once `make reading` has run."""
    return var / "reading" / "bin" / "python"


def is_installed(var: Path) -> bool:
    return interpreter(var).exists()
