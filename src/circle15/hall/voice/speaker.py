"""The speaking program: pinyin in, sound out, in a process of its own.

espeak-ng is a library under the GPL with global state, so it never enters a process of ours.
Reads a JSON list of texts, writes a JSON list of base64 PCM (22050 Hz, mono, 16 bit), or with
`--phonemes` of what espeak-ng understood.
"""

import base64
import ctypes
import json
import sys

import espeakng_loader

SAMPLES_PER_S = 22050
VOICE = b"cmn-latn-pinyin"
# Words a minute (175 is usual) and tenths of a word's gap: slow enough for old ears.
SPEED, PITCH, VOLUME, WORD_GAP = 130, 45, 80, 2
_RATE, _VOLUME, _PITCH, _WORDGAP = 1, 2, 3, 7  # espeak_PARAMETER
_SYNCHRONOUS, _UTF8 = 2, 1
_IPA = 0x02
_ENDED = 0

_HEARD = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)


class Speaker:
    """espeak-ng with the Mandarin voice."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        self._library.espeak_TextToPhonemes.restype = ctypes.c_char_p
        data = espeakng_loader.get_data_path().encode()
        rate = self._library.espeak_Initialize(_SYNCHRONOUS, 0, data, 0)
        if rate != SAMPLES_PER_S or self._library.espeak_SetVoiceByName(VOICE):
            sys.exit("espeak-ng has no Mandarin voice")
        wanted = {_RATE: SPEED, _VOLUME: VOLUME, _PITCH: PITCH, _WORDGAP: WORD_GAP}
        for parameter, value in wanted.items():
            self._library.espeak_SetParameter(parameter, value, 0)

    def speak(self, pinyin: str) -> bytes:
        """Return the sound of a text."""
        heard = bytearray()

        def hear(samples: "ctypes._Pointer[ctypes.c_short]", count: int, _events: int) -> int:
            if count > 0:
                heard.extend(ctypes.string_at(samples, count * 2))
            return 0

        callback = _HEARD(hear)
        self._library.espeak_SetSynthCallback(callback)
        text = pinyin.encode()
        self._library.espeak_Synth(text, len(text) + 1, 0, 0, 0, _UTF8, None, None)
        self._library.espeak_Synchronize()
        return bytes(heard)

    def phonemes(self, pinyin: str) -> str:
        """Return what espeak-ng makes of a text, in its own letters with tone contours."""
        rest = ctypes.pointer(ctypes.cast(ctypes.c_char_p(pinyin.encode()), ctypes.c_void_p))
        understood = []
        while rest.contents.value:
            understood.append(self._library.espeak_TextToPhonemes(rest, _UTF8, 0) or b"")
        return b" ".join(understood).decode()


def main() -> None:
    texts = json.load(sys.stdin)
    speaker = Speaker()
    if "--phonemes" in sys.argv:
        answer = [speaker.phonemes(text) for text in texts]
    else:
        answer = [base64.b64encode(speaker.speak(text)).decode() for text in texts]
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
