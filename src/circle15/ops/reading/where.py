"""Where the environment is that can read photos, if there is one."""

from pathlib import Path

ENGINE = Path(__file__).with_name("engine.py")


def interpreter(var: Path) -> Path:
    """Return the Python of the extra."""
    return var / "reading" / "bin" / "python"


def is_installed(var: Path) -> bool:
    """Tell whether `make reading` has come to its end."""
    return (var / "reading" / ".circle15").exists()
