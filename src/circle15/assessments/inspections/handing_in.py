"""Take in photos and answers of a check: all of it or nothing, and the same thing once."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, hypot, radians
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts.actors import Actor
from circle15.accounts.guards import demand
from circle15.accounts.states import Permission
from circle15.assessments.editions import parsed
from circle15.assessments.inspection_models import (
    Inspection,
    InspectionPhoto,
    InspectionSeat,
    InspectionSubmission,
)
from circle15.assessments.inspection_states import UNDER_WAY, InspectionStep
from circle15.assessments.inspections import checklist
from circle15.assessments.inspections.answers import (
    HandedIn,
    Place,
    Reading,
    Sheet,
    digest_of,
    is_sha256,
    loaded,
    uid_of,
)
from circle15.assessments.inspections.life import advance, locked_seat
from circle15.assessments.inspections.merging import compare_if_complete, recorder
from circle15.assessments.inspections.packs import freeze, submission_of
from circle15.assessments.inspections.refusals import (
    HandedInAlready,
    Problem,
    Unusable,
    WrongStep,
)
from circle15.assessments.inspections.sealing import seal_sent
from circle15.ledger.actions import keep_evidence
from circle15.ledger.files import UnsafeFile, check_evidence
from circle15.sites.models import Site

MOST_PHOTO_BYTES = 1_572_864
MOST_PHOTOS = 400
FAR_M = 200
_EARTH_M = 6_371_000


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo as the tablet sends it."""

    uid: UUID
    check: UUID
    rule_id: str
    sha256: str
    content: bytes
    taken_at: datetime
    place: Place | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is answered to a submission, the first time and every time after."""

    number: str
    received_at: datetime
    answers: int


@transaction.atomic
def keep_photo(photo: Photo, *, by: Actor, at: datetime) -> bool:
    """Keep a photo as evidence of the site; false if it was kept before.

    Its pixels are written anew, as every piece of evidence: nothing hidden in the file survives.
    Raises NotFound, NotAllowed, WrongStep, Unusable.
    """
    with locked_seat(photo.check, by) as seat:
        former = InspectionPhoto.objects.filter(uid=photo.uid).first()
        if former is not None:
            if (former.seat_id, former.sha256) != (seat.pk, photo.sha256):
                raise Unusable([Problem(photo.rule_id, _("这个照片编号已用于另一张照片。"))])
            return False
        _check_photo(photo, seat)
        _keep(photo, seat, at=at)
        return True


def _check_photo(photo: Photo, seat: InspectionSeat) -> None:
    check = seat.inspection
    if check.state not in UNDER_WAY or submission_of(seat) is not None:
        raise WrongStep
    if photo.rule_id not in _places(check):
        raise Unusable([Problem(photo.rule_id, _("检查表里没有这一条。"))])
    if not is_sha256(photo.sha256) or hashlib.sha256(photo.content).hexdigest() != photo.sha256:
        raise Unusable([Problem(photo.rule_id, _("照片在传送中损坏，请重新上传。"))])
    if len(photo.content) > MOST_PHOTO_BYTES or not photo.content.startswith(b"\xff\xd8\xff"):
        raise Unusable([Problem(photo.rule_id, _("照片应为 1.5 MB 以内的 JPEG。"))])
    if seat.photos.count() >= MOST_PHOTOS:
        raise Unusable([Problem(photo.rule_id, _("一次检查的照片太多了。"))])


def _keep(photo: Photo, seat: InspectionSeat, *, at: datetime) -> None:
    check, place = seat.inspection, photo.place
    try:
        name = _("现场检查%(number)s.jpg") % {"number": check.number}
        checked = check_evidence(photo.content, name=name)
    except UnsafeFile as refusal:
        raise Unusable([Problem(photo.rule_id, str(refusal))]) from None
    InspectionPhoto.objects.create(
        uid=photo.uid,
        inspection=check,
        seat=seat,
        area_path=check.area_path,
        rule_id=photo.rule_id,
        sha256=photo.sha256,
        evidence=keep_evidence(code=check.site.code, checked=checked, by=recorder(seat), at=at),
        taken_at=photo.taken_at,
        lat=place.lat if place else None,
        lon=place.lon if place else None,
        accuracy_m=place.accuracy_m if place else None,
        received_at=at,
    )


@transaction.atomic
def submit(body: bytes, *, by: Actor, at: datetime) -> Receipt:
    """Take in a whole check: answers, signatures, place; the same submission again changes nothing.

    When everybody has handed in, lines that agree go into the ledger and the others wait.
    Raises NotFound, NotAllowed, WrongStep, HandedInAlready, Unusable naming every problem.
    """
    demand(by, Permission.INSPECT)
    sent = loaded(body)
    uid = uid_of(sent, "uid")
    with locked_seat(uid_of(sent, "check"), by) as seat:
        former = submission_of(seat)
        if former is not None:
            if (former.uid, former.answers_sha256) != (uid, digest_of(sent)):
                raise HandedInAlready
            return _receipt(former, seat)
        check = seat.inspection
        if check.state not in UNDER_WAY:
            raise WrongStep
        given = _read(sent, check, seat, at)
        freeze(seat, by=by, at=at)
        kept = _keep_submission(given, body, seat, at=at)
        sha = given.sha256
        advance(check, InspectionStep.HAND_IN, by=by, at=at, note=kept_number(seat), sha256=sha)
        compare_if_complete(check, by=by, at=at)
        return _receipt(kept, seat)


def _places(check: Inspection) -> frozenset[str]:
    """Return what a photo may belong to: a line, or a case of a veto."""
    edition = parsed(check.edition.text)
    vetoes = {veto.id for veto in edition.vetoes}
    return frozenset(vetoes | checklist.asked(edition, check.profile).keys())


def _read(
    sent: Mapping[str, Any], check: Inspection, seat: InspectionSeat, at: datetime
) -> HandedIn:
    edition = parsed(check.edition.text)
    clauses = {rule: clause.number for rule, clause in checklist.clause_of(edition).items()}
    vetoes = frozenset(veto.id for veto in edition.vetoes)
    sheet = Sheet(check.site, checklist.asked(edition, check.profile), clauses, vetoes)
    today = timezone.localdate(at)
    given = Reading(sent, sheet, today).handed_in()
    known = frozenset(seat.photos.values_list("uid", flat=True))
    missing = given.photos - known
    if missing:
        raise Unusable(_missing(given, missing))
    return given


def _missing(given: HandedIn, missing: Iterable[UUID]) -> list[Problem]:
    lost = set(missing)
    found = [
        Problem(rule_id, _("有照片还没有传上来，请先上传照片。"))
        for rule_id, answer in given.answers.items()
        if lost & set(answer.photos)
    ]
    return found or [Problem("", _("有照片还没有传上来，请先上传照片。"))]


def _keep_submission(
    given: HandedIn, body: bytes, seat: InspectionSeat, *, at: datetime
) -> InspectionSubmission:
    check, place = seat.inspection, given.place
    return InspectionSubmission.objects.create(
        uid=given.uid,
        seat=seat,
        inspection=check,
        area_path=check.area_path,
        sent_sealed=seal_sent(body.decode(), given.uid),
        answers_sha256=given.sha256,
        answers={rule: answer.kept() for rule, answer in given.answers.items()},
        vetoes=[
            {"id": each.veto, "remark": each.remark, "photos": [str(uid) for uid in each.photos]}
            for each in given.vetoes
        ],
        device=given.device,
        started_at=given.started_at,
        finished_at=given.finished_at,
        received_at=at,
        skew_s=_seconds(given.client_time - at),
        lat=place.lat if place else None,
        lon=place.lon if place else None,
        accuracy_m=place.accuracy_m if place else None,
        distance_m=distance_m(place, check.site) if place else None,
    )


def distance_m(place: Place, site: Site) -> int:
    """Return how far the tablet was from where the site is registered, in meters."""
    across = cos(radians(float(site.lat)))
    east = radians(float(place.lon - site.lon)) * across
    north = radians(float(place.lat - site.lat))
    return round(hypot(east, north) * _EARTH_M)


def _seconds(skew: timedelta) -> int:
    most = 2_000_000_000
    return max(-most, min(most, round(skew.total_seconds())))


def kept_number(seat: InspectionSeat) -> str:
    """Return the number of a receipt: the check's and the seat's."""
    return f"{seat.inspection.number}-{seat.place}"


def _receipt(kept: InspectionSubmission, seat: InspectionSeat) -> Receipt:
    return Receipt(kept_number(seat), kept.received_at, len(kept.answers))
