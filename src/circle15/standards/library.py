"""The editions that come with the house."""

from functools import cache
from importlib.resources import files

from circle15.standards.model import Edition
from circle15.standards.parser import parse_edition

BUILT_IN = ("jiangsu-acceptance", "nantong-demonstration", "wuhu-demonstration", "db3206-1052")


class UnknownEdition(KeyError):
    """No edition has this id; the message names those there are."""

    def __str__(self) -> str:
        return f"没有规则版本 {self.args[0]}，可用：{'、'.join(BUILT_IN)}"


@cache
def editions() -> tuple[Edition, ...]:
    """All built-in editions, the points-bearing one first."""
    return tuple(edition(edition_id) for edition_id in BUILT_IN)


@cache
def edition(edition_id: str) -> Edition:
    """Return the built-in edition of that id; raises UnknownEdition."""
    return parse_edition(source(edition_id))


def source(edition_id: str) -> str:
    """Return the YAML text of a built-in edition; raises UnknownEdition."""
    if edition_id not in BUILT_IN:
        raise UnknownEdition(edition_id)
    path = files("circle15.standards") / "data" / "editions" / f"{edition_id}.yaml"
    return path.read_text(encoding="utf-8")
