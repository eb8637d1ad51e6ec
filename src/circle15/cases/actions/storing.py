"""Photos and PDFs of a case: made safe, sealed, and only then written to the disk."""

from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from circle15.accounts.resealing import reseal_file
from circle15.accounts.sealing import blind_index, reseal_content, seal_file
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases.actions.life import name_of
from circle15.cases.models import Case, CaseFile
from circle15.cases.parties import By
from circle15.cases.queries import FILE_KIND
from circle15.cases.refusals import TooManyFiles
from circle15.core.uids import new_uid
from circle15.ledger.files import CheckedFile, check_evidence
from circle15.standards.case_rules import case_rules


def checked(content: bytes) -> CheckedFile:
    """Make a photo or PDF safe; its name is not asked for, people put their numbers into names.

    Raises ledger.files.UnsafeFile.
    """
    return check_evidence(content, name="")


def keep(  # noqa: PLR0913 -- what a file consists of
    case: Case,
    content: bytes,
    *,
    media_type: str,
    purpose: str,
    by: By,
    at: datetime,
    material_key: str = "",
    digest: str = "",
) -> CaseFile:
    """Seal a file and keep it with its case. Raises TooManyFiles."""
    most = case_rules().most_files
    if CaseFile.objects.filter(case=case, dropped_at__isnull=True).count() >= most:
        raise TooManyFiles(most)
    uid = new_uid()
    sealed = seal_file(content, field="content", uid=uid, kind=FILE_KIND)
    name = default_storage.save(f"cases/{uid.hex[:2]}/{uid.hex}", ContentFile(sealed))
    return CaseFile.objects.create(
        uid=uid,
        case=case,
        material_key=material_key,
        purpose=purpose,
        media_type=media_type,
        size=len(content),
        digest=blind_index(digest or uid.hex, field="digest", kind=FILE_KIND),
        storage_name=name,
        added_at=at,
        added_by=name_of(by),
    )


def keep_checked(  # noqa: PLR0913 -- what a file consists of
    case: Case, content: bytes, *, purpose: str, by: By, at: datetime, material_key: str = ""
) -> CaseFile:
    """Make safe what was handed in and keep it; the same page again is kept once.

    Raises ledger.files.UnsafeFile, TooManyFiles.
    """
    safe = checked(content)
    digest = blind_index(safe.sm3, field="digest", kind=FILE_KIND)
    same = CaseFile.objects.filter(
        case=case, material_key=material_key, digest=digest, dropped_at__isnull=True
    ).first()
    if same is not None:
        return same
    return keep(
        case,
        safe.content,
        media_type=safe.media_type,
        purpose=purpose,
        by=by,
        at=at,
        material_key=material_key,
        digest=safe.sm3,
    )


def reseal_files() -> int:
    """Seal anew the files of cases that an older key sealed; return how many."""
    with area_scope(EVERYWHERE):
        rows = list(CaseFile.objects.order_by("id").values_list("uid", "storage_name"))
    return sum(
        reseal_file(Path(default_storage.path(name)), partial(_anew, uid)) for uid, name in rows
    )


def _anew(uid: UUID, sealed: bytes) -> bytes:
    return reseal_content(sealed, field="content", uid=uid, kind=FILE_KIND)
