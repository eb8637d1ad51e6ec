"""SM2 signatures with SM3 (GB/T 32918.2, recommended curve), on whole numbers.

`cryptography` has no SM2. The library for it draws its one-time numbers from a generator that can
be foretold, drops leading digits of some public keys and takes 40 ms; the tests ask it as witness.
Not constant in time: for a server that signs its own messages, never what a stranger measures.
"""

import secrets
from dataclasses import dataclass, field
from functools import lru_cache

from circle15.core.ciphers import sm3

P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
IDENTITY = b"1234567812345678"  # what everybody signs with who agreed on nothing else
_BYTES, _DIGITS, _WINDOW = 32, 64, 4

# A point as (x, y, z) with x/z², y/z³; z = 0 is the point at infinity.
_Point = tuple[int, int, int]
_NOWHERE: _Point = (1, 1, 0)


class BadKey(ValueError):
    """Not a key of the curve."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A point of the curve."""

    x: int
    y: int

    def __post_init__(self) -> None:
        on_curve = (self.y * self.y - self.x**3 - A * self.x - B) % P == 0
        if not (0 <= self.x < P and 0 <= self.y < P and on_curve):
            raise BadKey("公钥不是SM2曲线上的点")

    @classmethod
    def read(cls, text: str) -> "PublicKey":
        """Read 128 hexadecimal digits, with or without `04` before them. Raises BadKey."""
        digits = text.strip()
        if len(digits) == 2 * _DIGITS + 2 and digits.startswith("04"):
            digits = digits[2:]
        if len(digits) != 2 * _DIGITS:
            raise BadKey("公钥应为128位十六进制")
        return cls(_number(digits[:_DIGITS]), _number(digits[_DIGITS:]))

    def __str__(self) -> str:
        return f"{self.x:064x}{self.y:064x}"


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A secret number from 1 to N-2."""

    d: int = field(repr=False)

    def __post_init__(self) -> None:
        if not 1 <= self.d <= N - 2:
            raise BadKey("私钥超出范围")

    @classmethod
    def read(cls, text: str) -> "PrivateKey":
        """Read 64 hexadecimal digits. Raises BadKey."""
        return cls(_number(text.strip()))

    @classmethod
    def fresh(cls) -> "PrivateKey":
        return cls(1 + secrets.randbelow(N - 2))

    @property
    def public(self) -> PublicKey:
        return PublicKey(*_plain(_times(self.d, G)))

    def to_text(self) -> str:
        return f"{self.d:064x}"


def sign(
    message: bytes, key: PrivateKey, *, identity: bytes = IDENTITY, once: int | None = None
) -> str:
    """Return the signature r | s as 128 hexadecimal digits; `once` is for official vectors only."""
    public = _public_of(key)
    e = _digest(message, public, identity)
    while True:
        k = once if once is not None else 1 + secrets.randbelow(N - 1)
        x, _y = _plain(_times(k, G))
        r = (e + x) % N
        s = pow(1 + key.d, -1, N) * (k - r * key.d) % N
        if r and s and r + k != N:
            return f"{r:064x}{s:064x}"
        if once is not None:
            raise ValueError("this number cannot be used once")


def is_signed(
    message: bytes, signature: str, key: PublicKey, *, identity: bytes = IDENTITY
) -> bool:
    """Tell whether a signature is the key's own of this message."""
    try:
        digits = signature.encode("ascii")
        r, s = _number(signature[:_DIGITS]), _number(signature[_DIGITS:])
    except (UnicodeEncodeError, BadKey):
        return False
    t = (r + s) % N
    if len(digits) != 2 * _DIGITS or not (1 <= r < N and 1 <= s < N) or t == 0:
        return False
    point = _add(_times(s, G), _times(t, (key.x, key.y)))
    if point[2] == 0:
        return False
    x, _y = _plain(point)
    return (_digest(message, key, identity) + x) % N == r


def _digest(message: bytes, key: PublicKey, identity: bytes) -> int:
    numbers = (A, B, *G, key.x, key.y)
    known = b"".join(number.to_bytes(_BYTES, "big") for number in numbers)
    z = sm3((8 * len(identity)).to_bytes(2, "big") + identity + known)
    return int.from_bytes(sm3(z + message), "big")


def _number(digits: str) -> int:
    if not digits or len(digits) > _DIGITS or not set(digits) <= set("0123456789abcdefABCDEF"):
        raise BadKey("应为十六进制数")
    return int(digits, 16)


@lru_cache(maxsize=8)
def _public_of(key: PrivateKey) -> PublicKey:
    return key.public


def _times(k: int, point: tuple[int, int]) -> _Point:
    """Multiply by what is added up of the point's table: one addition for each four bits."""
    table, total, place = _table(point), _NOWHERE, 0
    while k:
        k, digit = divmod(k, 1 << _WINDOW)
        if digit:
            total = _add(total, table[place][digit])
        place += 1
    return total


@lru_cache(maxsize=8)  # the base point, our key, the other side's key
def _table(point: tuple[int, int]) -> tuple[tuple[_Point, ...], ...]:
    rows, base = [], (*point, 1)
    for _place in range(_DIGITS):
        row = [_NOWHERE]
        for _digit in range(1, 1 << _WINDOW):
            row.append(_add(row[-1], base))
        rows.append(tuple(row))
        base = _add(row[-1], base)
    return tuple(rows)


def _plain(point: _Point) -> tuple[int, int]:
    x, y, z = point
    inverse = pow(z, -1, P)
    square = inverse * inverse % P
    return x * square % P, y * square * inverse % P


def _double(point: _Point) -> _Point:
    x, y, z = point
    delta, gamma = z * z % P, y * y % P
    beta = x * gamma % P
    alpha = 3 * (x - delta) * (x + delta) % P
    x3 = (alpha * alpha - 8 * beta) % P
    return (
        x3,
        (alpha * (4 * beta - x3) - 8 * gamma * gamma) % P,
        ((y + z) ** 2 - gamma - delta) % P,
    )


def _add(one: _Point, other: _Point) -> _Point:
    if one[2] == 0:
        return other
    if other[2] == 0:
        return one
    (x1, y1, z1), (x2, y2, z2) = one, other
    zz1, zz2 = z1 * z1 % P, z2 * z2 % P
    u1, u2 = x1 * zz2 % P, x2 * zz1 % P
    s1, s2 = y1 * zz2 * z2 % P, y2 * zz1 * z1 % P
    if u1 == u2:
        return _double(one) if s1 == s2 else _NOWHERE
    h, r = u2 - u1, s2 - s1
    hh = h * h % P
    hhh, v = hh * h % P, u1 * hh % P
    x3 = (r * r - hhh - 2 * v) % P
    return x3, (r * (v - x3) - s1 * hhh) % P, z1 * z2 * h % P
