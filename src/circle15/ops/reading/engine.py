"""Recognize text: pictures on standard input, lines as JSON on standard output.

Runs alone, in the environment of the extra, without circle15, its keys or its database. It may use
so much memory, write no file, leave no core dump. Each message is four bytes of length, then it.

Usage: python -I engine.py MEGABYTES
"""

import json
import math
import os
import resource
import struct
import sys
from io import BytesIO
from typing import Any, BinaryIO

LENGTH = struct.Struct(">I")
# Sharp enough for a card; twice as many take half as much memory again.
MOST_PIXELS = 800_000
MOST_LINES = 300


def main(megabytes: int) -> None:
    _confine(megabytes)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no answer
    engine = _engine()
    while (picture := _message(sys.stdin.buffer)) is not None:
        answer = json.dumps(_read(engine, picture), ensure_ascii=False).encode()
        answers.write(LENGTH.pack(len(answer)) + answer)
        answers.flush()


def _confine(megabytes: int) -> None:
    limits = {
        resource.RLIMIT_AS: megabytes * 1024 * 1024,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for what, most in limits.items():
        resource.setrlimit(what, (most, most))


def _engine() -> Any:
    # Only in the environment of the extra.
    from rapidocr_onnxruntime import RapidOCR  # type: ignore[import-not-found]

    return RapidOCR(intra_op_num_threads=1, inter_op_num_threads=1)


def _message(stream: BinaryIO) -> bytes | None:
    """Return the next picture, None at the end."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    return stream.read(LENGTH.unpack(head)[0])


def _read(engine: Any, picture: bytes) -> list[tuple[str, float, list[list[float]]]]:
    """Return text, confidence and corners of each line."""
    import numpy as np
    from PIL import Image

    with Image.open(BytesIO(picture), formats=["JPEG", "PNG", "WEBP"]) as image:
        plain = image.convert("RGB")
    share = math.sqrt(MOST_PIXELS / (plain.width * plain.height))
    plain.thumbnail((plain.width * share, plain.height * share))
    pixels = np.asarray(plain)[:, :, ::-1]  # blue first, as OpenCV has it
    found, _ = engine(pixels)
    return [
        (str(text), float(sure), [[float(x), float(y)] for x, y in corners])
        for corners, text, sure in (found or [])[:MOST_LINES]
    ]


if __name__ == "__main__":
    main(int(sys.argv[1]))
