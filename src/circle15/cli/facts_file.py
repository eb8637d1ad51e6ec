"""The facts file: `on`, `facts`, `vetoes` (and `profile`), read with every fault found at once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from circle15.scoring import missing_facts
from circle15.standards import strict_yaml
from circle15.standards.facts import FactValue, InvalidFacts, clean_facts, facts, groups, label
from circle15.standards.model import Edition
from circle15.standards.text import number_text

KEYS = ("on", "profile", "facts", "vetoes")
MAX_BYTES = 2_000_000


class BadFactsFile(ValueError):
    """A facts file that cannot be scored; `problems` names everything wrong, one line each."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(_one_line(problem) for problem in problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True, slots=True)
class FactsFile:
    on: date | None
    profile: str | None
    facts: Mapping[str, FactValue]
    vetoes: tuple[str, ...]


def read_facts_file(path: Path, edition: Edition, profile: str | None = None) -> FactsFile:
    """Read a facts file for an edition; raises BadFactsFile.

    Facts of other editions may stand in it; facts this one needs may not be missing.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadFactsFile([f"{path}：{_os_reason(error)}"]) from error
    if len(content) > MAX_BYTES:
        raise BadFactsFile([f"{path}：文件过大"])
    try:
        raw, duplicates = strict_yaml.read(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadFactsFile([f"{path}：不是 UTF-8 文本"]) from error
    except strict_yaml.NotYaml as error:
        raise BadFactsFile(error.problems) from error
    return _checked(raw, edition, profile, list(duplicates))


def write_facts_file(on: date, values: Mapping[str, FactValue], profile: str | None = None) -> str:
    """Write a facts file: grouped, each fact with its label as a comment."""
    lines = [f"on: {on.isoformat()}"]
    if profile is not None:
        lines.append(f"profile: {profile}")
    return "\n".join([*lines, "facts:", *_fact_lines(values), "vetoes: []", ""])


def _fact_lines(values: Mapping[str, FactValue]) -> Iterator[str]:
    group = ""
    for name, value in sorted(values.items(), key=lambda item: tuple(facts()).index(item[0])):
        if facts()[name].group != group:
            group = facts()[name].group
            yield f"  # {groups()[group].zh}"
        plain = ("false", "true")[value] if isinstance(value, bool) else number_text(Decimal(value))
        entry = f"  {name}: {plain}"
        unit = f"（{facts()[name].unit.zh}）" if facts()[name].unit.zh else ""
        yield f"{entry:<48}# {label(name).zh}{unit}"


# --- checking, fault by fault


def _checked(raw: object, edition: Edition, profile: str | None, problems: list[str]) -> FactsFile:
    if not isinstance(raw, dict):
        raise BadFactsFile([*problems, "文件：应为键值表，含 on、facts、vetoes"])
    problems += [f"{key}：不认识的字段，可用：{'、'.join(KEYS)}" for key in raw if key not in KEYS]
    on = _date(raw.get("on"), problems)
    chosen = _profile(profile or raw.get("profile"), edition, problems)
    values = _facts(raw.get("facts"), edition, chosen, problems)
    vetoes = _vetoes(raw.get("vetoes"), edition, problems)
    if problems:
        raise BadFactsFile(problems)
    return FactsFile(on, chosen, values, vetoes)


def _date(value: object, problems: list[str]) -> date | None:
    if value is None or type(value) is date:
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        problems.append(f"on：不是有效日期（应如 2026-11-21）：{value}")
        return None


def _profile(value: object, edition: Edition, problems: list[str]) -> str | None:
    known = [profile.id for profile in edition.profiles]
    if value is None or value in known:
        return None if value is None else str(value)
    problems.append(f"profile：{edition.id} 没有类别 {value}，可用：{'、'.join(known)}")
    return None


def _facts(
    value: object, edition: Edition, profile: str | None, problems: list[str]
) -> Mapping[str, FactValue]:
    if not isinstance(value, dict):
        problems.append("facts：应为事实名称到值的键值表")
        return {}
    raw = {str(name): each for name, each in value.items()}
    faults: tuple[str, ...] = ()
    try:
        clean = clean_facts(raw)
    except InvalidFacts as error:
        faults = error.problems
        clean = {}
    problems += [f"facts：{fault}" for fault in faults]
    given = dict.fromkeys(raw, False) | clean
    missing = missing_facts(edition, given, profile=profile)
    problems += [f"facts：缺少事实 {name}（{label(name).zh}）" for name in missing]
    return clean


def _vetoes(value: object, edition: Edition, problems: list[str]) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        problems.append("vetoes：应为否决情形编号的列表，如 [V1]")
        return ()
    known = [veto.id for veto in edition.vetoes]
    listed = "、".join(known) or "本规则没有否决情形"
    problems += [
        f"vetoes：没有否决情形 {each}，可用：{listed}" for each in value if each not in known
    ]
    return tuple(str(each) for each in value)


def _os_reason(error: OSError) -> str:
    reasons = {FileNotFoundError: "文件不存在", IsADirectoryError: "是文件夹，不是文件"}
    return reasons.get(type(error), "不能读取")


def _one_line(problem: str) -> str:
    return " ".join(problem.split())[:300]
