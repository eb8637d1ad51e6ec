"""What was asked of which files, and what came out: written down, so that it can be run again."""

import json
import os
import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from circle15.planning.problems import PlanningRefused, refuse_if_any
from circle15.standards.text import Text

Json = dict[str, object]
Key = TypeVar("Key", int, str)
FORM = 1
PACKAGES = ("numpy", "numba", "scipy", "highspy")
ENGINE = Path(__file__).parents[1]
NOT_COMPARED = frozenset({"seconds"})
"""Fields that say how long it took: they differ from run to run."""


@dataclass(frozen=True, slots=True)
class Input:
    """A file that was read: where it is, and what was in it then."""

    path: Path
    digest: str


@dataclass(frozen=True, slots=True)
class Record:
    """A study as it was written down. `inputs`: by parameter, the files in their order."""

    command: str
    parameters: Mapping[str, object]
    inputs: Mapping[str, tuple[Input, ...]]
    several: frozenset[str]
    versions: Mapping[str, str]
    result: Json

    def asked(self) -> dict[str, object]:
        """Give all parameters again, files as paths."""
        files: dict[str, object] = {
            name: [each.path for each in found] if name in self.several else found[0].path
            for name, found in self.inputs.items()
        }
        return {**self.parameters, **files}

    def changed(self) -> tuple[Path, ...]:
        """Name the files that hold something else now; raises PlanningRefused if one is gone."""
        every = [each for found in self.inputs.values() for each in found]
        gone = dict.fromkeys(each.path for each in every if not each.path.is_file())
        refuse_if_any(Text(f"没有这个文件：{path}", f"no such file: {path}") for path in gone)
        changed = (each.path for each in every if digest_of(each.path) != each.digest)
        return tuple(dict.fromkeys(changed))


def write_record(path: Path, command: str, asked: Mapping[str, object], result: Json) -> None:
    """Write down a study; parameters that are paths are its inputs, named from the record's folder.

    No time and no machine is in it: the same study on the same files gives the same bytes. Raises
    PlanningRefused if it can't be written.
    """
    inputs = {name: value for name, value in asked.items() if _is_input(value)}
    record = {
        "form": FORM,
        "command": command,
        "parameters": {name: value for name, value in asked.items() if name not in inputs},
        "inputs": {name: _inputs_to_json(value, path.parent) for name, value in inputs.items()},
        "versions": versions(),
        "result": compared(result),
    }
    fresh = path.with_name(f".{path.name}.part")
    try:
        fresh.write_text(canonical(record) + "\n", encoding="utf-8")
        fresh.replace(path)
    except OSError as error:
        raise PlanningRefused(
            [Text(f"{path}：无法写入（{error.strerror}）", f"{path}: can't be written")]
        ) from None


def read_record(path: Path) -> Record:
    """Read a study back; raises PlanningRefused if it isn't one."""
    try:
        return _record(json.loads(path.read_text(encoding="utf-8")), path.parent)
    except OSError as error:
        problem = Text(f"{path}：无法读取（{error.strerror}）", f"{path}: can't be read")
    except (ValueError, KeyError, TypeError, AttributeError, AssertionError):
        problem = Text(
            f"{path}：不是规划记录，或不完整", f"{path}: is no record of a study, or cut short"
        )
    raise PlanningRefused([problem])


def compared(result: Json) -> Json:
    """Leave out what differs from run to run."""
    return {name: value for name, value in result.items() if name not in NOT_COMPARED}


def canonical(value: object) -> str:
    """Write JSON in the one way that is compared byte by byte."""
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False)


def differences(before: object, after: object, field: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield the fields in which two results differ, with what each says; "—" where it is not."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in dict.fromkeys([*before, *after]):
            yield from _parts(before, after, name, f"{field}.{name}" if field else name)
    elif isinstance(before, list) and isinstance(after, list):
        rows = [dict(enumerate(each)) for each in (before, after)]
        for row in range(max(len(before), len(after))):
            yield from _parts(rows[0], rows[1], row, f"{field}[{row}]")
    elif canonical(before) != canonical(after):
        yield field, canonical(before), canonical(after)


def versions() -> dict[str, str]:
    """Name what may bear on a result; of the engine itself a digest of its sources."""
    told = sha256()
    for path in sorted(ENGINE.rglob("*.py")):
        told.update(path.read_bytes())
    packages = {name: version(name) for name in PACKAGES}
    return {"engine": told.hexdigest()[:16], "python": platform.python_version(), **packages}


def digest_of(path: Path) -> str:
    """Fingerprint a file."""
    with path.open("rb") as file:
        told = sha256()
        while block := file.read(1 << 20):
            told.update(block)
    return told.hexdigest()


def _parts(
    before: Mapping[Key, object], after: Mapping[Key, object], key: Key, field: str
) -> Iterator[tuple[str, str, str]]:
    if key in before and key in after:
        yield from differences(before[key], after[key], field)
    else:
        told = [canonical(each[key]) if key in each else "—" for each in (before, after)]
        yield field, told[0], told[1]


def _is_input(value: object) -> bool:
    return isinstance(value, Path) or (
        isinstance(value, list) and bool(value) and all(isinstance(each, Path) for each in value)
    )


def _inputs_to_json(value: object, folder: Path) -> Json | list[Json]:
    if isinstance(value, list):
        return [_input_to_json(each, folder) for each in value]
    assert isinstance(value, Path)
    return _input_to_json(value, folder)


def _input_to_json(path: Path, folder: Path) -> Json:
    return {"file": os.path.relpath(path, folder), "sha256": digest_of(path)}


def _record(read: dict[str, object], folder: Path) -> Record:
    assert read["form"] == FORM
    inputs, result, parameters = read["inputs"], read["result"], read["parameters"]
    told, command = read["versions"], read["command"]
    assert isinstance(inputs, dict)
    assert isinstance(result, dict)
    assert isinstance(parameters, dict)
    assert isinstance(told, dict)
    assert isinstance(command, str)
    return Record(
        command=command,
        parameters=parameters,
        inputs={
            name: tuple(_input(each, folder) for each in (found if _many(found) else [found]))
            for name, found in inputs.items()
        },
        several=frozenset(name for name, found in inputs.items() if _many(found)),
        versions=told,
        result=result,
    )


def _many(found: object) -> bool:
    return isinstance(found, list)


def _input(read: Mapping[str, str], folder: Path) -> Input:
    return Input(folder / read["file"], read["sha256"])
