"""What a place trains and keeps: a session with a file, a question, records and an incident."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from tests.factories import AT

from circle15.programme.activities_models import Activity, AwarenessSurvey, Incident
from circle15.programme.training_models import (
    Attendance,
    PolicyNotice,
    Question,
    TrainingMaterial,
    TrainingPlanLine,
    TrainingSession,
)

if TYPE_CHECKING:
    from tests.web.matrix.world import Place


def trained(place: "Place") -> None:
    """Train at the site, keep its registers, and report something."""
    if place.site is None:
        return
    own = {"area_path": place.path, "area_name": place.says("name")[:80]}
    now = timezone.now()  # lists and exports are of this year
    session = TrainingSession.objects.create(
        **own,
        kind="central",
        topic=place.says("lesson"),
        place=place.says("room"),
        trainer="x",
        starts_at=now,
        ends_at=now + timedelta(hours=1),
        made_at=AT,
        made_by="x",
    )
    stored = place.code("handout")
    default_storage.save(stored, ContentFile(place.says("handout").encode()))
    material = TrainingMaterial.objects.create(
        session=session,
        area_path=place.path,
        name=f"{stored}.pdf",
        media_type="application/pdf",
        size=9,
        digest="0" * 64,
        storage_name=stored,
        kept_at=AT,
        kept_by="x",
    )
    Attendance.objects.create(
        session=session,
        area_path=place.path,
        site=place.site,
        user_id=place.arguments.get("user_id") or 0,
        name=place.says("attended")[:80],
        way="code",
        signed_at=AT,
        is_late=False,
    )
    dated = {"set_at": AT, "set_by": "x"}
    line = {"kind": "central", "topic": place.says("planned"), "months": [12]}
    TrainingPlanLine.objects.create(**own, **dated, **line, year=timezone.localdate(now).year)
    PolicyNotice.objects.create(**own, **dated, title=place.says("policy"), issued_on=AT.date())
    Question.objects.create(
        area_path=place.path,
        pool="x",
        kind="single",
        text=place.says("asked"),
        options=["1", "2"],
        right=[0],
        added_at=AT,
        added_by="x",
    )
    activity = Activity.objects.create(
        site=place.site,
        area_path=place.path,
        kind="publicity",
        done_on=AT.date(),
        given={"place": place.says("fair")},
        recorded_at=AT,
        recorded_by="x",
    )
    incident = Incident.objects.create(
        site=place.site,
        area_path=place.path,
        kind="opinion",
        level="normal",
        words=place.says("incident"),
        happened_at=AT,
        reported_at=AT,
        reported_by="x",
        is_late=False,
    )
    survey = AwarenessSurvey.objects.create(
        area_path=place.path,
        site=place.site,
        subject="online",
        way="hall",
        done_on=AT.date(),
        asked=10,
        knowing=5,
        used=2,
        source=place.says("surveyed"),
        recorded_at=AT,
        recorded_by="x",
    )
    place.arguments |= {
        "survey_uid": survey.uid,
        "session_uid": session.uid,
        "material_id": material.pk,
        "activity_uid": activity.uid,
        "incident_uid": incident.uid,
    }
