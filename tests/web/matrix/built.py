"""What is built and owed at a place: a project with a milestone, a duty with a word, a notice."""

from typing import TYPE_CHECKING

from tests.factories import AT

from circle15.core.papers.official import Official, Paragraph, as_json
from circle15.programme.construction_models import Guarantee, Milestone, Project
from circle15.programme.duties_models import Assignment, Duty, DutyNotice, DutyWord

if TYPE_CHECKING:
    from tests.web.matrix.world import Place


def built(place: "Place") -> None:
    """Build the site of a place; owe something there, and tell of it."""
    _owed(place)
    _told(place)
    if place.site is None:
        return
    project = Project.objects.create(
        site=place.site,
        area_path=place.path,
        name=place.says("name"),
        report="month",
        start_on=AT.date(),
        made_at=AT,
        made_by=place.says("recorder"),
    )
    Milestone.objects.create(
        project=project,
        area_path=place.path,
        place=1,
        name=place.says("milestone"),
        owner="x",
        from_on=AT.date(),
        to_on=AT.date(),
    )
    Guarantee.objects.create(project=project, area_path=place.path, place=1, key="money")
    place.arguments |= {"project_uid": project.uid}


def _owed(place: "Place") -> None:
    duty = Duty.objects.create(
        area_path=place.path, name=place.says("owed"), given_at=AT, given_by="x"
    )
    one = Assignment.objects.create(
        duty=duty,
        area_path=place.path,
        owner_name=place.says("name"),
        giver_path=place.path,
        given_on=AT.date(),
        due_on=AT.date(),
    )
    evidence_id = place.arguments.get("evidence_id")
    assert evidence_id is None or isinstance(evidence_id, int)
    DutyWord.objects.create(
        assignment=one,
        area_path=place.path,
        step="progress",
        words=place.says("said"),
        evidence_id=evidence_id,
        at=AT,
        by=place.says("recorder"),
    )
    place.arguments |= {"assignment_uid": one.uid, "duty_file_id": evidence_id}


def _told(place: "Place") -> None:
    title = place.says("told")
    paper = Official(title, (Paragraph(title),), issuer=place.says("name"), day="2026年3月1日")
    notice = DutyNotice.objects.create(
        area_path=place.path,
        number=place.code("notice"),
        year=AT.year,
        serial=1,
        month="2026-03",
        title=title,
        content=as_json(paper),
        digest="0" * 64,
        issued_at=AT,
        issued_by=place.says("recorder"),
    )
    place.arguments |= {"notice_uid": notice.uid}
