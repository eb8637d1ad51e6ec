"""The reader's process: its answers, its end by force, and nothing of ours goes with it."""

import json
import os
import sys
import time

import pytest

from circle15.cases.reading.port import CannotRead
from circle15.core.reading.lines import Line
from circle15.ops.reading.process import MOST_ANSWER, ReaderProcess

BOX = [[0, 0], [9, 0], [9, 9], [0, 9]]
HEAD = """
import json, os, struct, sys, time
def take():
    head = sys.stdin.buffer.read(4)
    return sys.stdin.buffer.read(struct.unpack(">I", head)[0]) if head else sys.exit()
def give(told):
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    sys.stdout.buffer.write(struct.pack(">I", len(body)) + body)
    sys.stdout.buffer.flush()
"""


def process(program: str, limit_s: float = 10) -> ReaderProcess:
    return ReaderProcess([sys.executable, "-I", "-c", HEAD + program], limit_s=limit_s)


def test_pictures_are_read_one_after_another_by_one_process():
    reader = process(f"while True: give([[take().decode(), 0.5, {json.dumps(BOX)}]])")
    first = reader.read(b"one")
    pid = reader.pid
    assert first == (Line("one", 0.5, ((0, 0), (9, 0), (9, 9), (0, 9))),)
    assert reader.read(b"two")[0].text == "two"
    assert reader.pid == pid
    reader.rest()
    assert reader.pid is None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.parametrize(
    "program",
    [
        "take(); sys.exit(1)",
        "take(); give(b'no json')",
        "take(); give({'a': 1})",
        "take(); give([1])",
        "take(); give([['x', 0.5, [[0, 0]]]])",
        f"take(); sys.stdout.buffer.write(struct.pack('>I', {MOST_ANSWER + 1})); sys.exit()",
    ],
)
def test_trouble_ends_the_process_and_the_next_picture_has_a_new_one(program):
    reader = process(program)
    for _ in range(2):
        with pytest.raises(CannotRead):
            reader.read(b"x")
        assert reader.pid is None


def test_a_reader_that_hangs_is_killed_in_time():
    reader = process("take(); time.sleep(60)", limit_s=0.3)
    began = time.monotonic()
    with pytest.raises(CannotRead):
        reader.read(b"x")
    assert time.monotonic() - began < 50  # not when it would have ended by itself


def test_the_reader_gets_nothing_of_our_environment(monkeypatch):
    monkeypatch.setenv("CIRCLE15_DATA_KEY", "secret")
    reader = process(f"take(); give([[' '.join(sorted(os.environ)), 1, {json.dumps(BOX)}]])")
    names = reader.read(b"x")[0].text.split()
    reader.rest()
    assert [name for name in names if name.startswith("CIRCLE15")] == []
