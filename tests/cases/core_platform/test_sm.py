"""What is signed, and contents sealed to their message."""

import pytest

from circle15.cases.core_platform import sm
from circle15.cases.core_platform.sm2 import PrivateKey

KEY = bytes(range(16))


def test_names_stand_in_order_and_the_secret_last():
    values = {"b": 2, "a": "甲", "Z": {"y": 1, "x": [None, "二"]}, "empty": "", "none": None}

    told = sm.signed_text({**values, "cainfo": "x", "encData": "y"}, "secret")

    assert told.decode() == 'Z={"x":[null,"二"],"y":1}&a=甲&b=2&secret'


def test_signature_holds_for_these_values_this_key_and_this_secret():
    key = PrivateKey.fresh()
    values: dict[str, object] = {"infno": "1101", "input": {"data": {"a": 1}}}
    signed = values | {"cainfo": sm.signature(values, key=key, secret="s")}

    assert sm.is_signed(signed, key=key.public, secret="s")
    assert not sm.is_signed(signed | {"infno": "1102"}, key=key.public, secret="s")
    assert not sm.is_signed(signed, key=key.public, secret="t")
    assert not sm.is_signed(values, key=key.public, secret="s")


def test_contents_open_in_their_own_message_only():
    told = sm.sealed({"名": "合成"}, key=KEY, msgid="m1")

    assert "合成" not in str(told)
    assert sm.opened(told, key=KEY, msgid="m1") == {"名": "合成"}
    for changed in (
        {"key": KEY[::-1], "msgid": "m1"},
        {"key": KEY, "msgid": "m2"},
    ):
        with pytest.raises(sm.CannotOpen):
            sm.opened(told, **changed)


@pytest.mark.parametrize("told", [{}, {"encData": "zz"}, {"encData": "00"}, {"encData": "00" * 64}])
def test_what_was_not_sealed_does_not_open(told):
    with pytest.raises(sm.CannotOpen):
        sm.opened(told, key=KEY, msgid="m")
