"""Clips are valid, loud, of a sane length, kept, and joined from recordings where there are."""

import io
import wave
from array import array
from pathlib import Path

import pytest

from circle15.hall.voice import clips

RATE = 22050


@pytest.fixture(autouse=True)
def folder(settings, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    return tmp_path / "voice"


def samples_of(clip: bytes) -> array:
    with wave.open(io.BytesIO(clip)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (1, 2, RATE)
        return array("h", sound.readframes(sound.getnframes()))


def write(path: Path, level: int, count: int, rate: int = RATE) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(array("h", [level] * count).tobytes())


def record_all(folder: Path, names: str, rate: int = RATE) -> None:
    for level, name in enumerate(names.split(), 1):
        write(folder / f"{name}.wav", level, 100, rate)


def test_a_call_is_a_loud_wav_of_a_few_seconds() -> None:
    samples = samples_of(clips.call_clip("A012", 3))
    assert 3.0 < len(samples) / RATE < 7.0
    assert max(map(abs, samples)) == pytest.approx(clips.LOUDEST, abs=1)
    # Speech, not a click: a good part of it is louder than a tenth of the loudest.
    assert sum(abs(sample) > clips.LOUDEST / 10 for sample in samples) > len(samples) / 4


def test_slow_enough_for_old_ears() -> None:
    syllables = len("请A012号到三号窗口")
    assert len(samples_of(clips.call_clip("A012", 3))) / RATE / syllables > 0.33


def test_parts_are_spoken_once_and_kept(folder: Path) -> None:
    first = clips.call_clip("A012", 3)
    kept = {path.name: path.stat().st_mtime_ns for path in (folder / "parts").iterdir()}
    assert clips.call_clip("A210", 3) != first
    assert clips.call_clip("A012", 3) == first
    assert {path.name: path.stat().st_mtime_ns for path in (folder / "parts").iterdir()} == kept


def test_other_numbers_and_windows_sound_different() -> None:
    heard = {clips.call_clip(label, window) for label in ("A1", "A2") for window in (1, 2)}
    assert len({*heard, clips.help_clip(1)}) == 5


def test_a_hall_with_all_recordings_is_heard_in_its_own_voice(folder: Path) -> None:
    record_all(folder / "halls" / "S1", "qing A 1 hao window-2")
    samples = samples_of(clips.call_clip("A1", 2, site_code="S1"))
    spoken = [level for level in range(1, 6) if level in samples]
    assert spoken == [1, 2, 3, 4, 5]
    assert max(samples) == 5
    assert sum(sample != 0 for sample in samples) == 500


@pytest.mark.parametrize("names", ["qing A hao window-2", "qing A 1 hao"])
def test_never_two_voices_in_one_call(folder: Path, names: str) -> None:
    record_all(folder / "halls" / "S1", names)
    assert clips.call_clip("A1", 2, site_code="S1") == clips.call_clip("A1", 2)


def test_recordings_of_another_kind_are_left_aside(folder: Path) -> None:
    record_all(folder / "halls" / "S1", "qing A 1 hao window-2", rate=8000)
    (folder / "halls" / "S1" / "A.wav").write_bytes(b"RIFF")
    assert clips.call_clip("A1", 2, site_code="S1") == clips.call_clip("A1", 2)
