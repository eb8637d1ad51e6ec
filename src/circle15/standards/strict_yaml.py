"""YAML without surprises: numbers are Decimal, keys are text, `no` is a word, nothing twice."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation

import yaml

from circle15.core.messages import Message

_MOST_DIGITS = 30


def at_line(line: int, what: str) -> Message:
    """Say what is wrong on a line, counted from 1."""
    return Message("第 %(line)s 行：%(what)s", line=line, what=what)


def in_file(what: str) -> Message:
    return Message("文件：%(what)s", what=what)


class NotYaml(ValueError):
    """The text cannot be used; `problems` says where and why, one line each."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("；".join(problems))
        self.problems = problems


class _Loader(yaml.SafeLoader):
    """The safe loader with habits of its own: see the functions below."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.duplicates: list[str] = []

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Refuse aliases: a few lines of them can stand for gigabytes."""
        if self.check_event(yaml.AliasEvent):
            event = self.get_event()  # type: ignore[no-untyped-call]  # the library has no types
            problem = Message("不支持引用（*）")
            raise yaml.composer.ComposerError(problem=problem, problem_mark=event.start_mark)
        return super().compose_node(parent, index)


def _decimal(loader: _Loader, node: yaml.ScalarNode) -> Decimal | str:
    """Read 0.1 as exactly 0.1; what is no decimal number of a sane size stays text."""
    text = loader.construct_scalar(node)
    try:
        value = Decimal(text.replace("_", ""))
    except InvalidOperation:
        return text
    return value if value.is_finite() and abs(value.adjusted()) < _MOST_DIGITS else text


def _integer(loader: _Loader, node: yaml.ScalarNode) -> int | str:
    """Read a whole number; one too long to be meant, or 0x without digits, stays text."""
    text = loader.construct_scalar(node)
    try:
        return loader.construct_yaml_int(node) if len(text) < _MOST_DIGITS else text
    except ValueError:
        return text


def _date(loader: _Loader, node: yaml.ScalarNode) -> object:
    """Read a date; one that does not exist (2026-02-30) stays text, to be refused by name."""
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError:
        return loader.construct_scalar(node)


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[str, object]:
    """Read a mapping; keys are text (`on` is no boolean), those that stand twice are noted."""
    result: dict[str, object] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            problem = Message("键应为文字")
            raise yaml.constructor.ConstructorError(
                problem=problem, problem_mark=key_node.start_mark
            )
        if key_node.value in result:
            what = Message("键重复：%(key)s", key=key_node.value)
            loader.duplicates.append(at_line(line, what))
        result[key_node.value] = loader.construct_object(value_node, deep=True)
    return result


BOOL = "tag:yaml.org,2002:bool"
_Loader.yaml_implicit_resolvers = {  # only true and false are booleans: [否, No] is two words
    first: [(tag, pattern) for tag, pattern in found if tag != BOOL]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(BOOL, re.compile("(?i:true|false)$"), list("tTfF"))
_Loader.add_constructor("tag:yaml.org,2002:float", _decimal)
_Loader.add_constructor("tag:yaml.org,2002:int", _integer)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _date)
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def load(text: str) -> object:
    """Read one YAML document; raises NotYaml for bad syntax and for duplicate keys."""
    value, problems = read(text)
    if problems:
        raise NotYaml(problems)
    return value


def read(text: str) -> tuple[object, tuple[str, ...]]:
    """Read one YAML document and the keys that stand twice in it; raises NotYaml for bad syntax."""
    try:
        loader = _Loader(text)
        return loader.get_single_data(), tuple(loader.duplicates)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        why = getattr(error, "problem", None) or Message("含有不能读取的字符")
        what = Message("不是有效的 YAML：%(why)s", why=why)
        raise NotYaml((at_line(mark.line + 1, what) if mark else in_file(what),)) from error
    except RecursionError as error:
        raise NotYaml((in_file(Message("嵌套过深")),)) from error


def plain(value: object) -> object:
    """Return the value as JSON can write it: numbers and dates as text, keys as text."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return format(Decimal(value).normalize(), "f")
    return value.isoformat() if isinstance(value, date) else value
