"""Differences of editions in the reader's words."""

from dataclasses import replace
from typing import Any

from django.utils import translation
from tests.factories import AT

from circle15.items.change_words import ChangeLine, change_lines
from circle15.items.differences import ItemChange, item_diff
from circle15.items.naming import ItemNames
from circle15.items.states import ChangeKind
from circle15.standards.catalogue import Channel, Limit
from circle15.standards.catalogue_data import item_data
from circle15.standards.catalogue_library import built_in
from circle15.standards.text import Text

ITEM = built_in().items["hospital-costs"]
NAMES = ItemNames({}, ())
ON = AT.date()


def lines(**more: Any) -> tuple[ChangeLine, ...]:
    new = replace(ITEM, **more)
    change = ItemChange(ITEM.key, ChangeKind.CHANGED, ITEM.name, item_diff(ITEM, new))
    return change_lines(change, [item_data(new), item_data(ITEM)], NAMES)


def test_keys_are_said_as_people_call_them():
    invoice = ITEM.material("invoice")
    papers = tuple(replace(m, copies=2) if m is invoice else m for m in ITEM.materials)
    changed = {"channels": (Channel.WINDOW, Channel.WEB), "materials": papers}
    assert ChangeLine("申请材料 · 医院收费票据（含电子票据） · 份数", "1", "2") in lines(**changed)
    with translation.override("en"):
        said = {line.label: line.new for line in lines(**changed)}
    assert said["Ways to apply"] == "Windows, Online"


def test_a_wording_is_said_in_both_languages_where_the_reader_sees_no_change():
    text = Text(ITEM.fee.zh, "Nothing to pay")
    assert lines(fee=text) == (
        ChangeLine("收费", f"{ITEM.fee.zh} / {ITEM.fee.en}", f"{ITEM.fee.zh} / Nothing to pay"),
    )


def test_conditions_are_said_by_question_and_answer():
    [line] = lines(limit=Limit(is_instant=False, promised_days=15, statutory_days=30))
    assert (line.label, line.new) == ("办理时限 · 承诺时限（天）", "15")
    diagnosis = next(m for m in ITEM.materials if m.key == "agent-id")
    papers = tuple(replace(m, when=()) if m is diagnosis else m for m in ITEM.materials)
    assert lines(materials=papers) == (
        ChangeLine("申请材料 · 代办人有效身份证件 · 适用情形", "谁来办理？：家人或他人代办", ""),
    )
