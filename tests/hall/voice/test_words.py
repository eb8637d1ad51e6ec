"""The pinyin of calls, beside a table written by hand, and what espeak-ng makes of it."""

import json
import os
import string
import subprocess
import sys

import pytest

from circle15.hall.voice.words import (
    LETTERS,
    Unspeakable,
    call_parts,
    chinese_number,
    help_parts,
    window_words,
)

ONES = ["ling2", "yi1", "er4", "san1", "si4", "wu3", "liu4", "qi1", "ba1", "jiu3"]
# Hanyu pinyin -> what espeak-ng says: h aspirates, the number is the contour of the tone.
SOUNDS = {
    "ling2": "l'i35N",
    "yi1": "j'i55",
    "er4": "'@r51",
    "san1": "s'a55n",
    "si4": "s'i[51",
    "wu3": "w'u214",
    "liu4": "l'iou51",
    "qi1": "tS;h'i55",
    "ba1": "p'A55",
    "jiu3": "tS;'iou214",
    "shi2": "s.'i.35",
    "hao4": "X'Au51",
    "dao4": "t'Au51",
    "qing3": "tS;h'i214N",
    "chuang1": "ts.hw'A55N",
    "kou3": "kh'ou214",
}


def number_pinyin(number: int) -> str:
    tens, ones = divmod(number, 10)
    if not tens:
        return ONES[ones]
    return " ".join(
        [*ONES[tens : tens + 1] * (tens > 1), "shi2", *ONES[ones : ones + 1] * (ones > 0)]
    )


def understood(texts: list[str]) -> list[list[str]]:
    done = subprocess.run(
        [sys.executable, "-m", "circle15.hall.voice.speaker", "--phonemes"],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": "src"},
    )
    return [[word.rstrip("_|") for word in line.split()] for line in json.loads(done.stdout)]


def test_a_call_is_said_character_by_character_and_the_window_in_words() -> None:
    parts = call_parts("A012", 3)
    assert [(part.name, part.pinyin) for part in parts] == [
        ("qing", "qing3"),
        ("A", "ei1"),
        ("0", "ling2"),
        ("1", "yi1"),
        ("2", "er4"),
        ("hao", "hao4"),
        ("window-3", "dao4 san1 hao4 chuang1 kou3"),
    ]


def test_staff_are_asked_to_a_window() -> None:
    (part,) = help_parts(12)
    assert part.pinyin == "qing3 gong1 zuo4 ren2 yuan2 dao4 shi2 er4 hao4 chuang1 kou3"


def test_windows_are_numbers_in_words() -> None:
    said = {n: chinese_number(n) for n in (0, 1, 2, 10, 11, 20, 21, 40, 99)}
    assert said == {
        0: "零",
        1: "一",
        2: "二",
        10: "十",
        11: "十一",
        20: "二十",
        21: "二十一",
        40: "四十",
        99: "九十九",
    }
    assert window_words(3) == "三号窗口"


def test_number_words_to_40_have_the_right_pinyin_and_sound() -> None:
    windows = [call_parts("A1", number)[-1].pinyin for number in range(41)]
    assert windows == [f"dao4 {number_pinyin(n)} hao4 chuang1 kou3" for n in range(41)]
    expected = [[SOUNDS[syllable] for syllable in text.split()] for text in windows]
    assert understood(windows) == expected


def test_digits_and_phrases_sound_right() -> None:
    parts = call_parts("01234567", 1)[:-1] + call_parts("89", 1)[1:-1]
    expected = [[SOUNDS[syllable] for syllable in part.pinyin.split()] for part in parts]
    assert understood([part.pinyin for part in parts]) == expected


def test_one_is_yi_in_number_and_window() -> None:
    parts = call_parts("1", 1)
    assert (parts[1].pinyin, parts[-1].pinyin.split()[1]) == ("yi1", "yi1")


def test_every_letter_has_syllables_espeak_knows_as_mandarin() -> None:
    assert list(LETTERS) == list(string.ascii_uppercase)
    said = understood(list(LETTERS.values()))
    assert [
        letter for letter, words in zip(LETTERS, said, strict=True) if "(en)" in " ".join(words)
    ] == []


@pytest.mark.parametrize(
    ("label", "window"),
    [("", 1), ("A" * 9, 1), ("a1", 1), ("A-1", 1), ("٣", 1), ("A1", 100), ("A1", -1)],
)
def test_what_cannot_be_said_is_refused(label: str, window: int) -> None:
    with pytest.raises(Unspeakable):
        call_parts(label, window)
