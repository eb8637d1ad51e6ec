"""Photos to be read: asked for, read by a worker, seen by whoever asked, gone after an hour."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.db import connection
from tests import factories
from tests.cases.test_files import folder, photo
from tests.core.reading.test_papers import FRONT, NUMBER, lines
from tests.factories import AT

from circle15.accounts.refusals import NotAllowed, NotFound
from circle15.accounts.states import Role
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.models import Event
from circle15.cases.actions import papers
from circle15.cases.models import CaseFile
from circle15.cases.reading import asking, working
from circle15.cases.reading.port import CannotRead
from circle15.cases.reading_models import Reading
from circle15.cases.reading_states import KEPT, MOST_AT_ONCE, PATIENCE
from circle15.core.reading.fields import Field, Paper
from circle15.core.reading.lines import Line
from circle15.ledger.files import UnsafeFile

pytestmark = pytest.mark.django_db
__all__ = ["folder"]


@dataclass
class Reader:
    """Reads every picture as the same card, or none."""

    lines: tuple[Line, ...] = lines(*FRONT)
    is_broken: bool = False
    seen: list[bytes] = field(default_factory=list)

    def read(self, picture: bytes) -> tuple[Line, ...]:
        self.seen.append(picture)
        if self.is_broken:
            raise CannotRead
        return self.lines


@pytest.fixture(autouse=True)
def offered(settings, folder):
    settings.READING = True


def ask(place, who="alice", **more):
    return place.do(who, asking.ask_picture, content=photo(), **more)


def look(place, uid, who="alice", at=AT):
    return place.look(who, asking.reading, uid, at=at)


def test_a_picture_is_read_and_seen_by_whoever_asked(place):
    uid, reader = ask(place), Reader()
    assert look(place, uid).is_open
    assert working.work_off(reader, at=AT) == 1
    line = look(place, uid)
    assert (line.paper.paper, line.paper.value(Field.ID_NUMBER)) == (Paper.ID_FRONT, NUMBER)
    assert not line.is_open
    assert place.look("alice", asking.picture, uid, at=AT).content == reader.seen[0]
    for other in ("bob", "carol", "dave"):
        with pytest.raises(NotFound):
            look(place, uid, who=other)
        with pytest.raises(NotFound):
            place.do(other, asking.forget, uid=uid)


def test_nothing_read_is_readable_in_the_database(place):
    ask(place)
    working.work_off(Reader(), at=AT)
    with area_scope(EVERYWHERE), connection.cursor() as cursor:
        cursor.execute("SELECT cases_reading::text FROM cases_reading")
        row = cursor.fetchone()[0]
    assert NUMBER not in row
    assert "样本" not in row
    assert b"JFIF".hex() not in row


def test_a_page_of_a_case_is_read_once_by_the_applicant(place):
    case = place.open(item="hospital-costs")
    place.do("alice", papers.give_material, case_uid=case.uid, key="invoice", content=photo())
    with area_scope(EVERYWHERE):
        page = CaseFile.objects.get().uid
    wish = {"case_uid": case.uid, "file_uid": page}
    uid = place.at_home(asking.ask_page, **wish)
    assert place.at_home(asking.ask_page, **wish) == uid
    reader = Reader()
    working.work_off(reader, at=AT)
    line = asking.reading(uid, by=place.mine, at=AT)
    assert (line.case_uid, line.file_uid, len(line.paper.found)) == (case.uid, page, 6)
    assert asking.picture(uid, by=place.mine, at=AT).content == reader.seen[0]
    with pytest.raises(NotFound):
        place.do("dave", asking.ask_page, **wish)
    with pytest.raises(NotFound):
        place.at_home(asking.ask_page, case_uid=case.uid, file_uid=case.uid)


def test_what_was_used_is_gone_and_the_rest_after_an_hour(place):
    used, left = ask(place), ask(place)
    place.do("alice", asking.forget, uid=used)
    with pytest.raises(NotFound):
        look(place, used)
    with pytest.raises(NotFound):
        look(place, left, at=AT + KEPT)
    assert asking.forget_old(at=AT + KEPT) == 0
    assert asking.forget_old(at=AT + KEPT + timedelta(seconds=1)) == 1
    assert working.work_off(Reader(), at=AT) == 0


def test_a_photo_that_breaks_the_reader_is_tried_twice(place):
    uid, reader = ask(place), Reader(is_broken=True)
    working.work_off(reader, at=AT)
    assert (len(reader.seen), look(place, uid).state) == (2, "failed")
    assert working.work_off(reader, at=AT) == 0


@pytest.mark.parametrize(("attempts", "state"), [(1, "done"), (2, "failed")])
def test_what_a_killed_worker_left_is_taken_up(place, attempts, state):
    uid = ask(place)
    with area_scope(EVERYWHERE):
        Reading.objects.update(state="working", attempts=attempts)
    working.work_off(Reader(), at=AT)
    assert look(place, uid).state == state


def test_nobody_waits_for_ever(place):
    uid = ask(place)
    line = look(place, uid, at=AT + PATIENCE + timedelta(seconds=1))
    assert (line.is_lost, line.is_open) == (True, False)


def test_refusals(place, settings):
    inspector = factories.actor_for(
        factories.staff("ivy", Role.INSPECTOR, area=factories.TownFactory())
    )
    with area_scope(EVERYWHERE), pytest.raises(NotAllowed):
        asking.ask_picture(content=photo(), by=inspector, at=AT)
    with pytest.raises(UnsafeFile):
        place.do("alice", asking.ask_picture, content=b"%PDF-1.7")
    for _ in range(MOST_AT_ONCE):
        ask(place)
    with pytest.raises(asking.TooManyReadings):
        ask(place)
    settings.READING = False
    with pytest.raises(asking.NotOffered):
        ask(place, who="bob")


def test_the_trail_says_who_had_a_photo_read(place):
    case = place.open()
    uid = ask(place, case_uid=case.uid)
    loose = ask(place)
    with area_scope(EVERYWHERE):
        events = Event.objects.filter(verb="case.read_photo").order_by("id")
        told = [(each.actor_name, each.target_kind, each.target_id) for each in events]
    name = place.actors["alice"].name
    assert told == [(name, "case", str(case.uid)), (name, "reading", str(loose))]
    assert look(place, uid).case_uid == case.uid
