"""SM3, SM4-GCM, blind index: official vectors, tampering and moving refused, rotation."""

import base64
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import assume, given
from hypothesis import strategies as st

from circle15.core.ciphers import (
    BadKeyRing,
    CannotOpen,
    KeyRing,
    SealingKey,
    blind_index,
    hmac_sm3,
    is_hmac_sm3,
    needs_resealing,
    open_sealed,
    open_sealed_bytes,
    parse_key_ring,
    seal,
    seal_bytes,
    sm3,
)

RAW = json.loads((Path(__file__).parent / "vectors/sm2_sm3_sm4.json").read_text("utf-8"))
V1, V2 = SealingKey("v1", bytes(range(16))), SealingKey("v2", bytes(range(16, 32)))
RING = KeyRing((V1,), b"index key, 16 by")
ROTATED = KeyRing((V2, V1), RING.index_key)
CONTEXT = "person.id_number:17"
TEXTS = st.text(max_size=60)


@pytest.mark.parametrize("vector", RAW["SM3"], ids=lambda v: v["source"])
def test_sm3_gives_the_official_digests(vector):
    assert sm3(bytes.fromhex(vector["message_hex"])).hex() == vector["digest"]


def test_sm4_underneath_is_the_official_one():
    vector = RAW["SM4"][0]
    mode = modes.ECB()
    encryptor = Cipher(algorithms.SM4(bytes.fromhex(vector["key"])), mode).encryptor()
    assert encryptor.update(bytes.fromhex(vector["plaintext"])).hex() == vector["ciphertext"]


def test_sm4_gcm_opens_the_published_example():
    """RFC 8998, A.1, opened by its parts because our text form binds its own context."""
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    mode = modes.GCM(bytes.fromhex("00001234567800000000abcd"))
    encryptor = Cipher(algorithms.SM4(key), mode).encryptor()
    encryptor.authenticate_additional_data(bytes.fromhex("feedfacedeadbeef" * 2 + "abaddad2"))
    blocks = ["aa", "bb", "cc", "dd", "ee", "ff", "ee", "aa"]
    encryptor.update(bytes.fromhex("".join(block * 8 for block in blocks)))
    encryptor.finalize()
    assert encryptor.tag.hex() == "83de3541e4c2b58177e065a9bf7b62ec"


@given(st.binary(max_size=100), st.binary(min_size=1, max_size=100))
def test_hmac_follows_its_definition(content, key):
    block = (sm3(key) if len(key) > 64 else key).ljust(64, b"\0")
    inner = sm3(bytes(b ^ 0x36 for b in block) + content)
    mac = sm3(bytes(b ^ 0x5C for b in block) + inner)
    assert hmac_sm3(key, content) == mac
    assert is_hmac_sm3(key, content, mac)
    assert not is_hmac_sm3(key, content + b"x", mac)


@given(TEXTS, TEXTS)
def test_what_is_sealed_opens(plain, context):
    sealed = seal(plain, ring=RING, context=context)
    assert sealed.startswith("v1:")
    assert open_sealed(sealed, ring=RING, context=context) == plain


def test_two_seals_of_one_text_differ():
    assert seal("王明", ring=RING, context=CONTEXT) != seal("王明", ring=RING, context=CONTEXT)


@given(TEXTS, TEXTS)
def test_a_moved_ciphertext_is_refused(context, other):
    assume(context != other)
    sealed = seal("320681188607014277", ring=RING, context=context)
    with pytest.raises(CannotOpen, match="改动或移动"):
        open_sealed(sealed, ring=RING, context=other)


@given(st.data())
def test_any_changed_bit_is_refused(data):
    sealed = seal("320681188607014277", ring=RING, context=CONTEXT)
    raw = bytearray(base64.b64decode(sealed[3:]))
    bit = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[bit // 8] ^= 1 << bit % 8
    with pytest.raises(CannotOpen, match="改动或移动"):
        open_sealed("v1:" + base64.b64encode(raw).decode(), ring=RING, context=CONTEXT)


@given(st.data())
def test_any_changed_character_is_refused(data):
    sealed = seal("320681188607014277", ring=RING, context=CONTEXT)
    place = data.draw(st.integers(0, len(sealed) - 1))
    char = data.draw(st.characters().filter(lambda c: c != sealed[place]))
    with pytest.raises(CannotOpen):
        open_sealed(sealed[:place] + char + sealed[place + 1 :], ring=RING, context=CONTEXT)


@pytest.mark.parametrize(
    ("sealed", "message"),
    [
        ("", "不在密钥环中"),
        ("v9:AAAA", "不在密钥环中"),
        ("v1:", "格式不正确"),
        ("v1:" + base64.b64encode(bytes(27)).decode(), "格式不正确"),
        ("v1:AAB=", "格式不正确"),
        ("v1:A", "格式不正确"),
        ("v1:王", "格式不正确"),
        ("v1:" + base64.b64encode(bytes(28)).decode(), "改动或移动"),
    ],
)
def test_malformed_texts_are_refused(sealed, message):
    with pytest.raises(CannotOpen, match=message):
        open_sealed(sealed, ring=RING, context=CONTEXT)


@given(st.binary(max_size=200), st.integers(min_value=0))
def test_a_sealed_file_opens_in_its_place_and_unchanged_only(content, place):
    sealed = seal_bytes(content, ring=RING, context=CONTEXT)
    assert open_sealed_bytes(sealed, ring=ROTATED, context=CONTEXT) == content
    with pytest.raises(CannotOpen):
        open_sealed_bytes(sealed, ring=RING, context=f"{CONTEXT}8")
    changed = bytearray(sealed)
    changed[place % len(sealed)] ^= 1
    with pytest.raises(CannotOpen):
        open_sealed_bytes(bytes(changed), ring=RING, context=CONTEXT)


@pytest.mark.parametrize("sealed", [b"", b"v1:", b"v1:" + bytes(27), b"v9:" + bytes(40)])
def test_malformed_files_are_refused(sealed):
    with pytest.raises(CannotOpen):
        open_sealed_bytes(sealed, ring=RING, context=CONTEXT)


def test_rotation_opens_the_old_and_seals_with_the_new():
    old = seal("王明", ring=RING, context=CONTEXT)
    new = seal("王明", ring=ROTATED, context=CONTEXT)
    assert open_sealed(old, ring=ROTATED, context=CONTEXT) == "王明"
    assert [needs_resealing(sealed, ring=ROTATED) for sealed in (old, new)] == [True, False]
    with pytest.raises(CannotOpen, match="不在密钥环中"):
        open_sealed(new, ring=RING, context=CONTEXT)


def test_the_key_id_is_bound_too():
    same_key = KeyRing((SealingKey("v3", V1.key),), RING.index_key)
    relabelled = "v3:" + seal("王明", ring=RING, context=CONTEXT).removeprefix("v1:")
    with pytest.raises(CannotOpen, match="改动或移动"):
        open_sealed(relabelled, ring=same_key, context=CONTEXT)


@given(TEXTS, TEXTS)
def test_blind_index_is_equal_for_equal_values_only(one, other):
    index = blind_index(one, ring=RING, name="id_number")
    assert (index == blind_index(other, ring=ROTATED, name="id_number")) is (one == other)
    assert len(index) == 32
    assert index != blind_index(one, ring=RING, name="phone")


def test_blind_index_keeps_name_and_value_apart():
    assert blind_index("bc", ring=RING, name="a") != blind_index("c", ring=RING, name="ab")


def test_keys_are_not_shown():
    assert repr(RING) == "KeyRing(keys=(SealingKey(id='v1'),))"


def test_a_ring_is_read_from_settings():
    text = f"v2:{V2.key.hex()}, v1:{V1.key.hex()}"
    assert parse_key_ring(text, RING.index_key.hex()) == ROTATED


@pytest.mark.parametrize(
    ("keys", "index_key", "message"),
    [
        ("", "00" * 16, "密钥编号"),
        ("V1:" + "00" * 16, "11" * 16, "密钥编号"),
        ("v1:" + "00" * 15, "11" * 16, "SM4密钥应为16字节"),
        ("v1:zz", "11" * 16, "十六进制"),
        ("v1:" + "00" * 16 + ",v1:" + "22" * 16, "11" * 16, "编号不能重复"),
        ("v1:" + "00" * 16, "11" * 15, "索引密钥至少16字节"),
        ("v1:" + "00" * 16, "00" * 16, "不能与加密密钥相同"),
    ],
)
def test_bad_rings_are_refused(keys, index_key, message):
    with pytest.raises(BadKeyRing, match=message):
        parse_key_ring(keys, index_key)


def test_an_empty_ring_is_refused():
    with pytest.raises(BadKeyRing, match="至少需要一个密钥"):
        KeyRing((), RING.index_key)
