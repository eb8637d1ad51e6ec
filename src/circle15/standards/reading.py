"""Read typed fields from nested mappings, collecting every problem instead of stopping at one."""

from datetime import date
from decimal import Decimal

from circle15.core.messages import Message
from circle15.standards.text import Text

ZERO = Decimal(0)
MAX_DECIMALS = 4
LIMIT = 10**10


def problem(place: str, what: str) -> Message:
    """Say what is wrong at a place, which is a path of fields."""
    return Message("%(place)s：%(what)s", place=place, what=what)


def deeper(place: str, fault: str) -> Message:
    """Say a problem of a part as one of the whole; `place` is where the part stands."""
    if isinstance(fault, Message) and "place" in fault.params:
        inner, what = fault.params["place"], fault.params["what"]
        assert isinstance(what, str)
        return problem(f"{place}.{inner}", what)
    return problem(place, fault)


class Node:
    """One mapping of a document and the place where it stands; faults go to `problems`."""

    def __init__(self, fields: object, path: str, problems: list[str]) -> None:
        self.path = path
        self.problems = problems
        self._fields: dict[str, object] = {}
        self._read: set[str] = set()
        if isinstance(fields, dict):
            self._fields = {str(key): value for key, value in fields.items()}
        else:
            self.fault(Message("应为键值表"))

    def fault(self, what: str, key: str = "") -> None:
        """Note a problem of this place, or of one of its fields."""
        where = f"{self.path}.{key}" if self.path and key else self.path or key
        self.problems.append(problem(where, what))

    def has(self, key: str) -> bool:
        return self._fields.get(key) is not None

    def given(self) -> tuple[str, ...]:
        """Name the fields in the order of the document, for mappings whose keys are data."""
        return tuple(self._fields)

    def text(self, key: str) -> str:
        value = self._take(key)
        if isinstance(value, str) and value.strip():
            return value
        self._mistaken(key, value, Message("文字"))
        return ""

    def optional_text(self, key: str) -> str | None:
        return self.text(key) if self._is_given(key) else None

    def pair(self, key: str) -> Text:
        """Read a wording given as [Chinese, English]."""
        match self._take(key):
            case [str(zh), str(en)] if zh.strip() and en.strip():
                return Text(zh, en)
            case value:
                self._mistaken(key, value, Message("[中文, 英文]"))
                return Text("", "")

    def optional_pair(self, key: str) -> Text | None:
        return self.pair(key) if self._is_given(key) else None

    def pairs(self, key: str) -> tuple[Text, ...]:
        """Read a list of wordings; none where nothing is given."""
        if not self._is_given(key):
            return ()
        values = self._take(key)
        found = [_wording(value) for value in values] if isinstance(values, list) else []
        texts = tuple(text for text in found if text is not None)
        if not texts or len(texts) < len(found):
            self.fault(Message("应为 [[中文, 英文], …]"), key)
        return texts

    def flag(self, key: str) -> bool:
        """Read true or false; false where nothing is given."""
        value = self._take(key)
        if value is None or isinstance(value, bool):
            return value is True
        self.fault(Message("应为 true 或 false"), key)
        return False

    def number(self, key: str) -> Decimal:
        """Read a number of at least 0 with at most 4 decimals."""
        value = self._take(key)
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            number = Decimal(value)
            if 0 <= number < LIMIT and number == round(number, MAX_DECIMALS):
                return number
        wanted = Message("不小于 0 的数，最多 %(most)s 位小数", most=MAX_DECIMALS)
        self._mistaken(key, value, wanted)
        return ZERO

    def optional_number(self, key: str) -> Decimal | None:
        return self.number(key) if self._is_given(key) else None

    def whole(self, key: str) -> int:
        """Read a whole number of at least 0."""
        value = self._take(key)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        self._mistaken(key, value, Message("不小于 0 的整数"))
        return 0

    def optional_whole(self, key: str) -> int | None:
        return self.whole(key) if self._is_given(key) else None

    def optional_date(self, key: str) -> date | None:
        if not self._is_given(key):
            return None
        value = self._take(key)
        if type(value) is date:
            return value
        self._mistaken(key, value, Message("日期（如 2026-11-21）"))
        return None

    def names(self, key: str) -> tuple[str, ...]:
        """Read a list of names, at least one."""
        match self._take(key):
            case [*values] if values and all(isinstance(value, str) for value in values):
                names = tuple(str(value) for value in values)
            case value:
                self._mistaken(key, value, Message("名称列表"))
                return ()
        if len(set(names)) < len(names):
            self.fault(Message("名称重复"), key)
        return names

    def optional_names(self, key: str) -> tuple[str, ...]:
        return self.names(key) if self._is_given(key) else ()

    def choice(self, key: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        """One of the allowed words; `default` where nothing is given."""
        if default is not None and not self._is_given(key):
            return default
        value = self._take(key)
        if isinstance(value, str) and value in allowed:
            return value
        self._mistaken(key, value, Message("%(allowed)s 之一", allowed=allowed))
        return allowed[0]

    def node(self, key: str) -> "Node":
        return Node(self._take(key), f"{self.path}.{key}" if self.path else key, self.problems)

    def named_nodes(self, key: str) -> tuple[tuple[str, "Node"], ...]:
        """Read the fields of a mapping of mappings, by name."""
        value = self._take(key)
        if isinstance(value, dict) and value:
            return tuple(
                (str(k), Node(v, f"{self.path}.{k}", self.problems)) for k, v in value.items()
            )
        self._mistaken(key, value, Message("键值表"))
        return ()

    def nodes(self, key: str, label: str = "id") -> tuple["Node", ...]:
        """Read a list of mappings, at least one; each is known by its `label` in problems."""
        value = self._take(key)
        if not isinstance(value, list) or not value:
            self._mistaken(key, value, Message("列表"))
            return ()
        return tuple(
            Node(item, self._place(key, item, label, index), self.problems)
            for index, item in enumerate(value, start=1)
        )

    def optional_nodes(self, key: str) -> tuple["Node", ...]:
        return self.nodes(key) if self._is_given(key) else ()

    def merged(self, changes: "Node") -> "Node":
        """Replace fields by those of another node, mappings within mappings too."""
        return Node(_merge(self._fields, changes._fields), changes.path, self.problems)

    def ignore(self, *keys: str) -> None:
        """Leave fields unread without calling them misspelt."""
        self._read.update(keys)

    def refuse_rest(self) -> None:
        """Note every field nobody has read: a misspelt key must not be overlooked."""
        for key in self._fields:
            if key not in self._read:
                self.fault(Message("不认识的字段"), key)

    def _take(self, key: str) -> object:
        self._read.add(key)
        return self._fields.get(key)

    def _is_given(self, key: str) -> bool:
        self._read.add(key)
        return self.has(key)

    def _mistaken(self, key: str, value: object, wanted: str) -> None:
        lacking = Message("缺少，应为%(wanted)s", wanted=wanted)
        self.fault(lacking if value is None else Message("应为%(wanted)s", wanted=wanted), key)

    def _place(self, key: str, item: object, label: str, index: int) -> str:
        if isinstance(item, dict) and isinstance(item.get(label), str):
            return str(item[label])
        return f"{self.path}.{key}[{index}]" if self.path else f"{key}[{index}]"


def _wording(value: object) -> Text | None:
    match value:
        case [str(zh), str(en)] if zh.strip() and en.strip():
            return Text(zh, en)
        case _:
            return None


def _merge(base: dict[str, object], changes: dict[str, object]) -> dict[str, object]:
    merged = dict(base)
    for key, value in changes.items():
        old = merged.get(key)
        both = isinstance(old, dict) and isinstance(value, dict)
        merged[key] = _merge(old, value) if isinstance(old, dict) and both else value  # type: ignore[arg-type]
    return merged
