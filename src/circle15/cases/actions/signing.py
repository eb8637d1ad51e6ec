"""Signatures given with a finger, a mouse or a pen: made safe, sealed, kept with their digests."""

import hashlib
from base64 import b64decode
from binascii import Error
from datetime import datetime
from io import BytesIO
from uuid import UUID

from PIL import Image, ImageOps

from circle15.accounts.actors import Actor
from circle15.accounts.refusals import NotFound
from circle15.cases.actions.life import locked, name_of, tell
from circle15.cases.actions.storing import checked, keep
from circle15.cases.models import Case
from circle15.cases.paper_models import Signature
from circle15.cases.paper_states import Signed
from circle15.cases.parties import By
from circle15.cases.refusals import AlreadySigned, EmptySignature, NotYours
from circle15.cases.seeing import parties_of
from circle15.cases.states import Party
from circle15.core.ciphers import sm3
from circle15.ledger.files import UnsafeFile

MAX_BYTES = 200_000
_PREFIX = "data:image/png;base64,"
_PNG = b"\x89PNG\r\n\x1a\n"
_INK = 128  # darker than this is ink
# A dot or a slip of the finger is no name: so many points of ink, over so much of the picture.
_LEAST_INK, _LEAST_WIDTH, _LEAST_HEIGHT = 60, 24, 8
_MOST_SIDE = 4_000
_EDGE, _MOST_KEPT = 8, (900, 360)


def picture_of(typed: str) -> bytes:
    """Return the picture a page sends as text. Raises EmptySignature."""
    if not typed.startswith(_PREFIX) or len(typed) > MAX_BYTES * 4 // 3 + len(_PREFIX):
        raise EmptySignature
    try:
        return b64decode(typed.removeprefix(_PREFIX), validate=True)
    except (Error, ValueError):
        raise EmptySignature from None


def sign_intake(
    *, case_uid: UUID, picture: bytes, by: Actor, at: datetime, signed_by: str = "person"
) -> Signature:
    """Keep what the person, or the "agent", signs on the receipt of intake; once.

    Raises NotFound, NotYours, EmptySignature, AlreadySigned.
    """
    with locked(case_uid, by) as case:
        if case.accepted_at is None:
            raise NotFound
        if not parties_of(by, case) & {Party.CLERK, Party.HANDLER}:
            raise NotYours
        row = keep_signature(
            case, picture, of=Signed.INTAKE, is_agent=signed_by == "agent", by=by, at=at
        )
        tell(
            case,
            "sign_intake",
            by=by,
            at=at,
            signer=row.signer,
            sha256=row.sha256,
            sm3=row.sm3,
        )
        return row


def keep_signature(  # noqa: PLR0913 -- what a signature consists of
    case: Case, picture: bytes, *, of: Signed, is_agent: bool, by: By, at: datetime
) -> Signature:
    """Make safe, seal and keep a signature; the caller tells the trail its digests.

    Raises EmptySignature, AlreadySigned, TooManyFiles.
    """
    number = case.number if of == Signed.INTAKE else case.result_number
    if Signature.objects.filter(case=case, of=of, number=number).exists():
        raise AlreadySigned
    png = clean_signature(picture)
    digest = sm3(png).hex()
    file = keep(case, png, media_type="image/png", purpose="signature", by=by, at=at, digest=digest)
    signer = case.agent_name if is_agent else case.organisation_name or case.person_name
    return Signature.objects.create(
        case=case,
        of=of,
        number=number,
        file=file,
        sha256=hashlib.sha256(png).hexdigest(),
        sm3=digest,
        signer=signer,
        is_agent=is_agent,
        signed_at=at,
        taken_by=name_of(by),
    )


def clean_signature(picture: bytes) -> bytes:
    """Return a picture of ink on white as a small PNG of its own.

    Raises EmptySignature for what is no PNG, too large, damaged, or shows no signature.
    """
    if not picture.startswith(_PNG) or len(picture) > MAX_BYTES:
        raise EmptySignature
    try:
        safe = checked(picture)
    except UnsafeFile:
        raise EmptySignature from None
    assert safe.width is not None
    assert safe.height is not None
    if max(safe.width, safe.height) > _MOST_SIDE:
        raise EmptySignature
    with Image.open(BytesIO(safe.content)) as image:
        ink = _on_white(image)
    dark = ink.point(lambda value: 255 if value < _INK else 0)
    box = dark.getbbox()
    if box is None or dark.histogram()[255] < _LEAST_INK:
        raise EmptySignature
    left, top, right, bottom = box
    if right - left < _LEAST_WIDTH or bottom - top < _LEAST_HEIGHT:
        raise EmptySignature
    return _small(ink.crop(box))


def _small(ink: Image.Image) -> bytes:
    """Write a picture with a white edge, in few shades of grey."""
    ink.thumbnail(_MOST_KEPT)
    framed = ImageOps.expand(ink, border=_EDGE, fill=255)
    out = BytesIO()
    framed.point(lambda value: value // 17 * 17).save(out, "PNG", optimize=True)
    return out.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    """Lay a picture that may be transparent on white, in grey."""
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image.convert("RGBA")).convert("L")
