"""What is assumed of a hall, with the origin of each line, and the hall file that replaces it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from circle15.planning.problems import PlanningRefused
from circle15.standards import strict_yaml
from circle15.standards.reading import Node
from circle15.standards.text import Text

KINDS = ("published", "derived", "assumed")
OWN = ("people", "windows")
MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Assumption:
    """A value and where it comes from; `kind` is `given` once somebody replaced it."""

    value: object
    kind: str
    origin: Text


@dataclass(frozen=True, slots=True)
class HallFile:
    """Assumptions by name, and what only a hall itself can say."""

    assumptions: Mapping[str, Assumption]
    people: object = None
    windows: object = None
    values: Mapping[str, object] = field(init=False)

    def __post_init__(self) -> None:
        """Put the plain values at hand."""
        plain = {name: each.value for name, each in self.assumptions.items()}
        object.__setattr__(self, "values", plain)


def data_file(name: str) -> object:
    """Return what one of the YAML files beside this module says."""
    path = files("circle15.planning.hall") / "data" / name
    return strict_yaml.load(path.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def default_assumptions() -> Mapping[str, Assumption]:
    """Return the assumptions that come with the program."""
    problems: list[str] = []
    root = data_file("assumptions.yaml")
    assert isinstance(root, dict)
    found = {
        name: Assumption(each["value"], node.choice("kind", KINDS), node.pair("origin"))
        for name, each in root.items()
        for node in [Node(each, name, problems)]
    }
    assert not problems, problems
    return found


def read_hall_file(path: Path | None, assume: Mapping[str, str]) -> HallFile:
    """Return the defaults with a hall file and then single `assume` values laid over them.

    Raises PlanningRefused naming every unknown line of both.
    """
    problems: list[str] = []
    given = _mapping(path, problems) if path else {}
    known = default_assumptions()
    problems += [
        f"{name}：不认识的字段，可用：{'、'.join((*OWN, *known))}"
        for name in given
        if name not in known and name not in OWN
    ]
    for name, text in assume.items():
        if name not in known:
            problems.append(f"--assume {name}：没有这项假设，可用：{'、'.join(known)}")
            continue
        try:
            given[name] = strict_yaml.load(text)
        except strict_yaml.NotYaml as error:
            problems += [f"--assume {name}：{problem}" for problem in error.problems]
    refuse(problems)
    origin = Text("使用者给定", "given by the user")
    changed = {n: Assumption(v, "given", origin) for n, v in given.items() if n in known}
    return HallFile({**known, **changed}, given.get("people"), given.get("windows"))


def _mapping(path: Path, problems: list[str]) -> dict[str, object]:
    """Read a YAML file that must be a mapping; what is wrong is noted."""
    try:
        raw = path.read_bytes()
        value = strict_yaml.load(raw[: MOST_BYTES + 1].decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError, strict_yaml.NotYaml) as error:
        problems += [f"{path.name}：{reason}" for reason in _reasons(error)]
        return {}
    if len(raw) > MOST_BYTES:
        problems.append(f"{path.name}：文件过大")
    if isinstance(value, dict):
        return value
    problems.append(f"{path.name}：应为键值表")
    return {}


def _reasons(error: Exception) -> tuple[str, ...]:
    match error:
        case strict_yaml.NotYaml():
            return error.problems
        case FileNotFoundError():
            return ("没有这个文件",)
        case UnicodeDecodeError():
            return ("不是 UTF-8 文本",)
        case _:
            return ("不能读取",)


def refuse(problems: list[str]) -> None:
    """Raise PlanningRefused if anything was noted."""
    if problems:
        raise PlanningRefused(Text(each, each) for each in problems)
