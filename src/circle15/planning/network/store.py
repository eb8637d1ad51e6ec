"""A network as one file: a checked header in JSON, then the arrays, mapped into memory as they are.

Layout: magic (8 bytes), version and header length (uint32, little-endian each), SHA-256 of the
header, the header, then each array at a multiple of 64 bytes. The same content gives the same file.
"""

import hashlib
import json
import os
import struct
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circle15.planning.network.model import Network, Shapes
from circle15.planning.problems import PlanningRefused
from circle15.standards.text import Text

MAGIC = b"C15PLAN\n"
VERSION = 1
KIND = "network"
_START = struct.Struct("<8sII32s")
_ALIGN = 64
_FIELDS = ("lon", "lat", "node_id", "first", "head", "length_dm", "piece", "road_class")

Arrays = Mapping[str, NDArray[Any]]


def save(network: Network, path: Path) -> None:
    """Write the network beside `path`, then put it in place whole."""
    arrays: dict[str, NDArray[Any]] = {name: getattr(network, name) for name in _FIELDS}
    arrays["component"] = network.component
    arrays.update({f"times.{mode}": time for mode, time in network.times.items()})
    if network.shapes is not None:
        shapes = network.shapes
        arrays |= {"shapes.first": shapes.first, "shapes.lon": shapes.lon, "shapes.lat": shapes.lat}
    about = {"classes": list(network.classes), "source": network.source}
    save_arrays(path, KIND, about, arrays)


def load(path: Path) -> Network:
    """Map a saved network into memory; raises PlanningRefused for any other or a cut file."""
    about, arrays = load_arrays(path, KIND)
    fields = {name: arrays[name] for name in (*_FIELDS, "component")}
    times = {
        name.removeprefix("times."): array
        for name, array in arrays.items()
        if name.startswith("times.")
    }
    shapes = None
    if "shapes.first" in arrays:
        shapes = Shapes(*(arrays[f"shapes.{name}"] for name in ("first", "lon", "lat")))
    source, classes = about["source"], about["classes"]
    assert isinstance(source, dict)
    assert isinstance(classes, list)
    return Network(**fields, classes=tuple(classes), times=times, source=source, shapes=shapes)


def save_arrays(path: Path, kind: str, about: Mapping[str, object], arrays: Arrays) -> None:
    """Write named arrays and what JSON can say about them; `kind` is checked when they are read."""
    layout: dict[str, dict[str, Any]] = {}
    place = 0
    for name, array in arrays.items():
        place = _aligned(place)
        little = array.dtype.newbyteorder("<").str
        layout[name] = {"type": little, "shape": list(array.shape), "at": place}
        place += array.nbytes
    header = {"kind": kind, "about": about, "arrays": layout, "bytes": place}
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as out:
        try:
            out.write(_START.pack(MAGIC, VERSION, len(text), hashlib.sha256(text).digest()))
            out.write(text)
            base = _aligned(out.tell())
            for name, array in arrays.items():
                out.write(b"\0" * (base + layout[name]["at"] - out.tell()))
                out.write(np.ascontiguousarray(array, layout[name]["type"]).data)
            out.flush()
            os.fsync(out.fileno())
            Path(out.name).chmod(0o644)
            Path(out.name).replace(path)
        except BaseException:
            Path(out.name).unlink(missing_ok=True)
            raise


def load_arrays(path: Path, kind: str) -> tuple[Mapping[str, object], Arrays]:
    """Map named arrays into memory, read-only; raises PlanningRefused for a file not whole."""
    header, base = _header(path)
    if header["kind"] != kind:
        raise _refused(path, "不是所需的文件种类", "is a file of another kind")
    if path.stat().st_size != base + header["bytes"]:
        raise _refused(
            path, "文件不完整（被截断或多出内容）", "is cut short or has more than it should"
        )
    content = np.memmap(path, np.uint8, "r") if header["bytes"] else np.zeros(base, np.uint8)
    arrays = {
        name: _array(content, base + place["at"], place) for name, place in header["arrays"].items()
    }
    return header["about"], arrays


def _array(content: NDArray[np.uint8], at: int, place: Mapping[str, Any]) -> NDArray[Any]:
    dtype, shape = np.dtype(place["type"]), tuple(place["shape"])
    count = int(np.prod(shape, dtype=np.int64))
    return np.frombuffer(content, dtype, count, at).reshape(shape)


def _header(path: Path) -> tuple[dict[str, Any], int]:
    try:
        with path.open("rb") as source:
            start = source.read(_START.size)
            if len(start) < _START.size or not start.startswith(MAGIC):
                raise _refused(path, "不是规划路网文件", "is not a saved planning network")
            _, version, length, digest = _START.unpack(start)
            if version != VERSION:
                raise _refused(
                    path,
                    f"版本为 {version}，本程序只读版本 {VERSION}，请重新生成",
                    f"has version {version}, this program reads version {VERSION}: make it again",
                )
            text = source.read(length)
    except FileNotFoundError:
        raise _refused(path, "没有这个文件", "is not there") from None
    except OSError:
        raise _refused(path, "无法读取", "can't be read") from None
    if len(text) < length or hashlib.sha256(text).digest() != digest:
        raise _refused(path, "文件头已损坏或被截断", "has a damaged or cut header")
    header = json.loads(text)
    assert isinstance(header, dict)
    return header, _aligned(_START.size + length)


def _aligned(place: int) -> int:
    return -(-place // _ALIGN) * _ALIGN


def _refused(path: Path, zh: str, en: str) -> PlanningRefused:
    return PlanningRefused([Text(f"{path.name}：{zh}", f"{path.name} {en}")])
