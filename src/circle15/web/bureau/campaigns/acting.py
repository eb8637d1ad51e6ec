"""What acts on sites and lines share: who asks, the words given, and the file kept first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.assessments.campaigns.refusals import NeedsFile
from circle15.ledger.actions import keep_evidence
from circle15.ledger.files import UnsafeFile, check_evidence
from circle15.web.shared.access import StaffRequest


@dataclass(frozen=True, slots=True)
class Asked:
    """An act as it was asked for."""

    given: Mapping[str, Any]
    by: Actor
    at: datetime
    site_code: str

    @property
    def note(self) -> str:
        return str(self.given.get("note", ""))

    @property
    def points(self) -> Decimal:
        points = self.given["points"]
        assert isinstance(points, Decimal)
        return points

    def keep_file(self) -> int:
        """Keep the file that came along, made safe. Raises NeedsFile saying what is wrong."""
        file = self.given.get("file")
        if not isinstance(file, UploadedFile):
            raise NeedsFile
        try:
            checked = check_evidence(file.read(), name=file.name or _("未命名"))
        except UnsafeFile as refusal:
            raise BadFile(str(refusal)) from refusal
        return keep_evidence(code=self.site_code, checked=checked, by=self.by, at=self.at).pk


class BadFile(NeedsFile):
    """A file that may not be kept; the message says why."""

    def __init__(self, message: str) -> None:
        Exception.__init__(self, message)


def asked_of(request: StaffRequest, given: Mapping[str, Any], code: str, at: datetime) -> Asked:
    return Asked(given, request.actor, at, code)
