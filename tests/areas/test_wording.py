"""Messages are said in the language of the reader, data as it is."""

from django.utils.translation import gettext_lazy, override

from circle15.areas.wording import named, worded
from circle15.core.messages import Message, joined

MISSING = Message("缺少必填列：%(columns)s", columns=["名称", "级别"])


def test_a_message_is_said_in_the_present_language() -> None:
    with override("en"):
        assert worded(MISSING) == "Required columns are missing: 名称, 级别"
    with override("zh-hans"):
        assert worded(MISSING) == MISSING


def test_messages_inside_messages_are_said_too() -> None:
    empty = Message("%(what)s为空", what=Message("区划代码"))

    with override("en"):
        assert worded(joined([empty, MISSING])) == (
            "Division code is empty; Required columns are missing: 名称, 级别"
        )


def test_words_and_data_are_shaped_apart() -> None:
    with override("en"):
        said = worded(MISSING, words=lambda text: text.replace(",", "|"), data="<{}>".format)

    assert said == "Required columns are missing: <名称>| <级别>"


def test_what_is_no_message_is_data() -> None:
    with override("en"):
        assert (worded("区划代码"), worded(Message(""))) == ("区划代码", "")


def test_a_label_is_kept_in_chinese_whoever_asks() -> None:
    with override("en"):
        assert named(gettext_lazy("乡镇（街道）")) == "乡镇（街道）"
        assert worded(named(gettext_lazy("乡镇（街道）"))) == "Town (subdistrict)"
