"""The travel scenario: speeds by road class and mode, and which tags open or close a road."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from circle15.planning.problems import PlanningRefused
from circle15.standards import strict_yaml
from circle15.standards.reading import Node
from circle15.standards.text import Text

Words = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Mode:
    """How one mode travels. Speeds are km/h; the YAML file says what each field means."""

    name: str
    title: Text
    access_tags: tuple[str, ...]
    common_tags: tuple[str, ...]
    forbidden: Words
    oneway_tags: tuple[str, ...]
    oneway_implied: Words
    contraflow: Words
    where_allowed_kmh: float
    pushing_kmh: float
    maxspeed_share: float
    off_road_kmh: float
    gap_warning_m: float


@dataclass(frozen=True, slots=True)
class Scenario:
    """Speeds by road class and mode (km/h), the modes, and the words that tags use."""

    id: str
    title: Text
    modes: tuple[Mode, ...]
    speeds: Mapping[str, Mapping[str, float]]
    unknown_class: str
    no_door: tuple[str, ...]
    least_part_nodes: int
    access: Words
    oneway: Words
    maxspeed_words: Mapping[str, float]

    @property
    def classes(self) -> tuple[str, ...]:
        """Name the road classes in the order of the file."""
        return tuple(self.speeds)

    def as_json(self) -> dict[str, object]:
        """Give everything it says, ready for JSON."""
        return asdict(self)


SCENARIO = Text("出行方案", "travel scenario")


@lru_cache(maxsize=1)
def default_scenario() -> Scenario:
    """Give the scenario that comes with the program."""
    return parse_scenario(default_scenario_text())


def default_scenario_text() -> str:
    """Give the scenario that comes with the program as YAML, to be copied and changed."""
    source = files("circle15.planning") / "data" / "profiles.yaml"
    return source.read_text(encoding="utf-8")


def read_scenario(path: Path) -> Scenario:
    """Read a scenario file; raises PlanningRefused with everything that is wrong in it."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise PlanningRefused(
            [Text(f"没有这个文件：{path.name}", f"no such file: {path.name}")]
        ) from None
    except (OSError, UnicodeDecodeError):
        raise PlanningRefused(
            [Text(f"无法读取：{path.name}", f"can't be read: {path.name}")]
        ) from None
    return parse_scenario(text, Text(f"出行方案 {path.name}", f"travel scenario {path.name}"))


def parse_scenario(text: str, called: Text = SCENARIO) -> Scenario:
    """Read a scenario from YAML; raises PlanningRefused with everything that is wrong in it.

    `called`: what it is called in problems.
    """
    problems: list[str] = []
    try:
        content = strict_yaml.load(text)
        # What is no mapping lacks every field: to name them all would say nothing.
        node = Node(content if isinstance(content, dict) else None, "", problems)
        scenario = None if problems else _scenario(node)
    except strict_yaml.NotYaml as error:
        problems = list(error.problems)
    if problems:
        found = [problem.lstrip("：.") for problem in problems]
        raise PlanningRefused(
            Text(f"{called.zh}：{problem}", f"{called.en}: {problem}") for problem in found
        )
    assert scenario is not None
    return scenario


def _scenario(node: Node) -> Scenario:
    modes = tuple(_mode(name, fields) for name, fields in node.named_nodes("modes"))
    names = tuple(mode.name for mode in modes)
    speeds = {
        road_class: _speeds(fields, names) for road_class, fields in node.named_nodes("classes")
    }
    unknown = node.choice("unknown_class", tuple(speeds) or ("road",))
    no_door = node.optional_names("no_door")
    for name in no_door:
        if name not in speeds:
            node.fault(f"不认识的道路等级：{name}", "no_door")
    scenario = Scenario(
        id=node.text("id"),
        title=node.pair("title"),
        modes=modes,
        speeds=speeds,
        unknown_class=unknown,
        no_door=no_door,
        least_part_nodes=node.whole("least_part_nodes"),
        access=_words(node, "access", ("allowed", "forbidden", "pushing")),
        oneway=_words(node, "oneway", ("forward", "backward", "both")),
        maxspeed_words=_numbers(node, "maxspeed_words"),
    )
    node.refuse_rest()
    return scenario


def _mode(name: str, node: Node) -> Mode:
    mode = Mode(
        name=name,
        title=node.pair("title"),
        access_tags=node.names("access_tags"),
        common_tags=node.optional_names("common_tags"),
        forbidden=_words(node, "forbidden"),
        oneway_tags=node.optional_names("oneway_tags"),
        oneway_implied=_words(node, "oneway_implied"),
        contraflow=_words(node, "contraflow"),
        where_allowed_kmh=float(node.number("where_allowed_kmh")),
        pushing_kmh=float(node.number("pushing_kmh")),
        maxspeed_share=float(node.number("maxspeed_share")),
        off_road_kmh=_positive(node, "off_road_kmh"),
        gap_warning_m=float(node.number("gap_warning_m")),
    )
    node.refuse_rest()
    return mode


def _speeds(node: Node, modes: tuple[str, ...]) -> dict[str, float]:
    speeds = {mode: _positive(node, mode) for mode in modes if node.has(mode)}
    node.refuse_rest()
    return speeds


def _positive(node: Node, key: str) -> float:
    faults = len(node.problems)
    number = float(node.number(key))
    if number == 0 and len(node.problems) == faults:
        node.fault("应大于 0", key)
        return math.nan
    return number


def _words(node: Node, key: str, wanted: tuple[str, ...] = ()) -> dict[str, tuple[str, ...]]:
    """Read lists of words by name; with `wanted` exactly those names."""
    found = node.node(key)
    words = {name: found.names(name) for name in wanted or found.given()}
    found.refuse_rest()
    return words


def _numbers(node: Node, key: str) -> dict[str, float]:
    found = node.node(key)
    return {name: float(found.number(name)) for name in found.given()}
