"""SM2 by the official example, by a second implementation as witness, and by what must fail."""

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from gmssl import sm2 as witness
from hypothesis import given, settings
from hypothesis import strategies as st

from circle15.cases.core_platform.sm2 import (
    BadKey,
    N,
    P,
    PrivateKey,
    PublicKey,
    is_signed,
    sign,
)
from circle15.core.ciphers import sm3

# GB/T 32918.5-2017, annex A.2.
KEY = PrivateKey.read("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8")
POINT = (
    "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
ONCE = 0x59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21
SIGNED = (
    "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
    "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
)


def test_official_example():
    assert str(KEY.public).upper() == POINT
    assert sign(b"message digest", KEY, once=ONCE).upper() == SIGNED
    assert is_signed(b"message digest", SIGNED, PublicKey.read("04" + POINT))


def test_official_examples_of_sm3_and_sm4():
    key = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    cipher = Cipher(algorithms.SM4(key), modes.ECB()).encryptor()

    assert cipher.update(key).hex() == "681edf34d206965e86b3e94f536e4246"
    assert sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


@settings(max_examples=4)
@given(st.integers(1, N - 2), st.binary(max_size=200))
def test_witness_agrees_both_ways(number, message):
    key = PrivateKey(number)
    other = witness.CryptSM2(key.to_text(), "")
    other.public_key = str(key.public)  # it would drop leading digits 0 and 4 itself

    assert other.verify_with_sm3(sign(message, key), message)
    assert is_signed(message, other.sign_with_sm3(message, f"{ONCE:064x}"), key.public)


@given(st.integers(0, 1023))
def test_one_changed_bit_is_noticed(place):
    message = bytearray(b"m" * 64)
    signed = bytearray.fromhex(SIGNED)
    told = sign(bytes(message), KEY, once=ONCE)
    signed = bytearray.fromhex(told)
    changed = message if place < 512 else signed
    changed[place % 512 // 8] ^= 1 << place % 8

    assert not is_signed(bytes(message), signed.hex(), KEY.public)


@pytest.mark.parametrize(
    "told",
    [
        "",
        "0" * 128,
        "f" * 128,
        SIGNED[:-1],
        SIGNED + "0",
        "签" * 128,
        f"{N:064x}{SIGNED[64:]}",
        f"{SIGNED[:64]}{N:064x}",
        f"{1:064x}{N - 1:064x}",  # r + s = 0
    ],
)
def test_what_is_no_signature_is_refused(told):
    assert not is_signed(b"message digest", told, KEY.public)


def test_signatures_of_others_and_of_other_words_are_refused():
    told = sign(b"a", KEY)

    assert is_signed(b"a", told, KEY.public)
    assert not is_signed(b"b", told, KEY.public)
    assert not is_signed(b"a", told, PrivateKey.fresh().public)
    assert not is_signed(b"a", told, KEY.public, identity=b"somebody else")


def test_no_number_is_used_twice():
    assert len({sign(b"a", KEY)[:64] for _turn in range(20)}) == 20


@pytest.mark.parametrize("text", ["", "00", "xy", f"{0:064x}", f"{N - 1:064x}", "1" * 65])
def test_what_is_no_private_key_is_refused(text):
    with pytest.raises(BadKey):
        PrivateKey.read(text)


@pytest.mark.parametrize("text", ["", POINT[:-1], "0" * 128, f"{P:064x}" + POINT[64:]])
def test_what_is_no_point_is_refused(text):
    with pytest.raises(BadKey):
        PublicKey.read(text)


def test_key_is_not_shown():
    assert "3945" not in repr(KEY).lower()
