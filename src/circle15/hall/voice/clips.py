"""Clips of calls: parts spoken by the speaking program or recorded by the hall, joined.

A spoken part is kept under var/voice by the digest of what it says; there are about a hundred.
"""

import base64
import hashlib
import io
import json
import logging
import os
import re
import subprocess
import sys
import wave
from array import array
from collections.abc import Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings

from circle15.hall.voice.speaker import PITCH, SAMPLES_PER_S, SPEED, VOLUME, WORD_GAP
from circle15.hall.voice.words import Part, call_parts, help_parts

log = logging.getLogger(__name__)

SPEAK_WITHIN_S = 20
LOUDEST = 26_000  # of 32,767: parts are equally loud and none is clipped
SILENCE = 250
_CODE = re.compile(r"[0-9A-Za-z-]{1,32}")
_MANNER = f"{SAMPLES_PER_S} {SPEED} {PITCH} {VOLUME} {WORD_GAP} {LOUDEST} {SILENCE}"


class CannotSpeak(RuntimeError):
    """The speaking program failed; its words are in the message."""


def call_clip(label: str, window_number: int, *, site_code: str = "") -> bytes:
    """Return 请 A012 号，到三号窗口 as WAV, said once. Raises Unspeakable, CannotSpeak."""
    return _clip(call_parts(label, window_number), site_code)


def help_clip(window_number: int, *, site_code: str = "") -> bytes:
    """Return 请工作人员到三号窗口 as WAV, said once. Raises Unspeakable, CannotSpeak."""
    return _clip(help_parts(window_number), site_code)


def recorded_folder(site_code: str) -> Path:
    """Return where a hall's own recordings lie: WAV, 22050 Hz, mono, 16 bit."""
    assert _CODE.fullmatch(site_code), "never a path"
    return _folder() / "halls" / site_code


def _clip(parts: Sequence[Part], site_code: str) -> bytes:
    sounds = (_recorded(parts, site_code) if site_code else None) or _spoken(parts)
    joined = b"".join(
        sound + _silence(part.pause_ms) for part, sound in zip(parts, sounds, strict=True)
    )
    return _wav(joined)


def _recorded(parts: Sequence[Part], site_code: str) -> list[bytes] | None:
    """Return the hall's recordings if it has all of them; never two voices in one call."""
    folder = recorded_folder(site_code)
    if not folder.is_dir():
        return None
    sounds = [_read(folder / f"{part.name}.wav") for part in parts]
    return None if None in sounds else [sound for sound in sounds if sound is not None]


def _spoken(parts: Sequence[Part]) -> list[bytes]:
    paths = {part.pinyin: _path_of(part.pinyin) for part in parts}
    missing = [pinyin for pinyin, path in paths.items() if not path.is_file()]
    if missing:
        for pinyin, sound in zip(missing, _speak(missing), strict=True):
            _keep(paths[pinyin], _wav(_trimmed(sound)))
    sounds = [_read(paths[part.pinyin]) for part in parts]
    if None in sounds:
        raise CannotSpeak("a clip under var/voice cannot be read")
    return [sound for sound in sounds if sound is not None]


def _speak(texts: Sequence[str]) -> list[bytes]:
    """Have the texts spoken by a process of its own, about 50 ms."""
    source = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-m", "circle15.hall.voice.speaker"],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        timeout=SPEAK_WITHIN_S,
        check=False,
        env={"PYTHONPATH": str(source), "PATH": os.environ.get("PATH", "")},
    )
    if done.returncode:
        raise CannotSpeak(done.stderr.strip()[-500:])
    return [base64.b64decode(sound) for sound in json.loads(done.stdout)]


def _trimmed(pcm: bytes) -> bytes:
    """Cut the silence around the sound and make its loudest sample LOUDEST."""
    samples = array("h", pcm)
    loud = [place for place, sample in enumerate(samples) if abs(sample) > SILENCE]
    if not loud:
        raise CannotSpeak("the speaking program was silent")
    samples = samples[loud[0] : loud[-1] + 1]
    gain = LOUDEST / max(map(abs, samples))
    return array("h", (int(sample * gain) for sample in samples)).tobytes()


def _silence(milliseconds: int) -> bytes:
    return bytes(2 * (SAMPLES_PER_S * milliseconds // 1000))


def _wav(pcm: bytes) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as clip:
        clip.setnchannels(1)
        clip.setsampwidth(2)
        clip.setframerate(SAMPLES_PER_S)
        clip.writeframes(pcm)
    return out.getvalue()


def _read(path: Path) -> bytes | None:
    """Return the samples of a clip of our kind, None where there is none."""
    if not path.is_file():
        return None
    try:
        with wave.open(str(path), "rb") as clip:
            if (clip.getnchannels(), clip.getsampwidth(), clip.getframerate()) == (
                1,
                2,
                SAMPLES_PER_S,
            ):
                return clip.readframes(clip.getnframes())
    except (wave.Error, EOFError):
        pass  # told below, as any clip of another kind
    log.warning("%s: want WAV, %s Hz, mono, 16 bit", path.name, SAMPLES_PER_S)
    return None


def _keep(path: Path, wav: bytes) -> None:
    """Write beside the place and move it there whole: several processes may do so at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, delete=False) as draft:
        draft.write(wav)
    Path(draft.name).replace(path)


def _path_of(pinyin: str) -> Path:
    digest = hashlib.sha256(f"{_MANNER}|{pinyin}".encode()).hexdigest()
    return _folder() / "parts" / f"{digest[:32]}.wav"


def _folder() -> Path:
    return Path(settings.VAR_DIR) / "voice"
