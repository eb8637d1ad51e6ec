"""YAML without surprises: duplicate keys are refused, decimal numbers are Decimal."""

from collections.abc import Hashable
from datetime import date
from decimal import Decimal, InvalidOperation

import yaml


class NotYaml(ValueError):
    """The text is not YAML; the message says where."""


class _Loader(yaml.SafeLoader):
    """The safe loader with two habits of its own."""


def _decimal(loader: yaml.SafeLoader, node: yaml.Node) -> Decimal:
    assert isinstance(node, yaml.ScalarNode)
    text = loader.construct_scalar(node)
    try:
        return Decimal(text.replace("_", ""))
    except InvalidOperation:  # 1:30.5, .inf and .nan are floats to YAML
        raise yaml.constructor.ConstructorError(
            problem=f"不是十进制数：{text}", problem_mark=node.start_mark
        ) from None


def _mapping(loader: yaml.SafeLoader, node: yaml.Node) -> dict[Hashable, object]:
    assert isinstance(node, yaml.MappingNode)
    loader.flatten_mapping(node)
    result: dict[Hashable, object] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, Hashable) or key in result:
            raise yaml.constructor.ConstructorError(
                problem=f"键重复：{key}", problem_mark=key_node.start_mark
            )
        result[key] = loader.construct_object(value_node, deep=True)
    return result


_Loader.add_constructor("tag:yaml.org,2002:float", _decimal)
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def load(text: str) -> object:
    """Read one YAML document; raises NotYaml naming the line of the first fault."""
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 -- a safe loader, see above
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"第 {mark.line + 1} 行" if mark else "文件"
        what = getattr(error, "problem", None) or "无法读取"
        raise NotYaml(f"{where}：{what}") from error
    except ValueError as error:  # such as the date 2026-13-01
        raise NotYaml(f"文件：{error}") from error


def plain(value: object) -> object:
    """The value in words JSON can write: numbers and dates as text, mappings with text keys."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return format(Decimal(value).normalize(), "f")
    return value.isoformat() if isinstance(value, date) else value
