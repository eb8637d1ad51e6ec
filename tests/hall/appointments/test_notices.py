"""Messages: when they are due, what they say, and what happens when they do not get out."""

from datetime import timedelta

import pytest
from tests.factories import AT
from tests.hall.appointments.places import at_hour, person

from circle15.accounts.sms import NotSent, filed
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.hall.appointments import changing, notices
from circle15.hall.appointments.calendar_file import calendar_file
from circle15.hall.appointments.forgetting import forget_person
from circle15.hall.booking_models import Notice

NINE = at_hour(9)


class Phone:
    """A way of sending that fails as often as told."""

    def __init__(self, failures: int = 0) -> None:
        self.failures, self.got = failures, []

    def send(self, *, phone, text, key):
        if self.failures:
            self.failures -= 1
            raise NotSent
        self.got.append((phone, text))


@pytest.mark.parametrize(
    ("hour", "due"), [(9, (-1, 13)), (15, (-1, 19)), (17, (-1, 20)), (8, (-1, 12)), (3, (-2, 20))]
)
def test_reminders_go_by_day(hour, due):
    day, at = due
    found = notices.reminder_at(at_hour(hour))
    assert found == at_hour(0) + timedelta(days=day, hours=at)


def test_a_message_goes_once_and_names_nobody(bookable):
    made = bookable.booked(NINE)
    phone = Phone()
    assert notices.send_due_by(phone, at=AT) == 1
    assert notices.send_due_by(phone, at=AT) == 0
    ((to, text),) = phone.got
    assert to == person().phone
    assert made.code in text
    assert "王" not in text
    assert str(made.uid) in text


def test_a_message_that_does_not_get_out_is_tried_again(bookable):
    bookable.booked(NINE)
    phone = Phone(failures=1)
    assert notices.send_due_by(phone, at=AT) == 0
    assert notices.send_due_by(phone, at=AT + timedelta(minutes=4)) == 0
    assert notices.send_due_by(phone, at=AT + timedelta(minutes=5)) == 1


def test_who_is_erased_leaves_nothing_behind_and_is_still_served(bookable):
    made, other = bookable.booked(NINE), bookable.booked(NINE, 1)
    with area_scope(EVERYWHERE):
        forget_person(person().id_number, person().phone, at=AT)
    phone = Phone()

    assert notices.send_due_by(phone, at=AT) == 1
    now = bookable.again(made)
    assert (now.state, now.code) == ("booked", made.code)
    assert (now.name_sealed, now.phone_sealed, now.id_number_sealed) == ("", "", "")
    assert now.person_index != made.person_index
    assert bookable.again(other).person_index == other.person_index
    assert [to for to, _text in phone.got] == [person(1).phone]


def test_after_five_tries_it_is_given_up(bookable):
    made = bookable.booked(NINE)
    phone, at = Phone(failures=99), AT
    for _n in range(8):
        at += timedelta(minutes=30)
        notices.send_due_by(phone, at=at)
    with area_scope(EVERYWHERE):
        row = Notice.objects.get(appointment=made, kind="booked")
    assert (row.tries, row.dropped_at is not None) == (5, True)


def test_the_reminder_of_a_cancelled_appointment_stays_home(bookable):
    made = bookable.booked(NINE)
    changing.cancel(uid=made.uid, at=AT, by=bookable.alice, reason="停电")
    phone = Phone()
    notices.send_due_by(phone, at=NINE)
    assert [("已取消" in text, "停电" in text) for _to, text in phone.got] == [(True, True)]


def test_without_a_gateway_messages_lie_sealed_in_a_private_file(bookable, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    bookable.booked(NINE)
    assert notices.send_due(at=AT) == 1
    file = tmp_path / "sms" / "outbox.jsonl"
    assert file.stat().st_mode & 0o777 == 0o600
    assert person().phone not in file.read_text()
    assert [to for to, _text in filed()] == [person().phone]


def test_the_calendar_file_folds_and_escapes():
    made = calendar_file(
        uid="u", starts_at=NINE, ends_at=NINE, title="办，事;,\\", place="汇" * 60,
        note="一\n二", made_at=AT, version=2,
    )  # fmt: skip
    lines = made.decode().split("\r\n")
    assert max(len(line.encode()) for line in lines) <= 75
    unfolded = made.decode().replace("\r\n ", "")
    assert "SUMMARY:办，事\\;\\,\\\\\r\n" in unfolded
    assert f"LOCATION:{'汇' * 60}\r\n" in unfolded
    assert "DTSTART:20260303T010000Z\r\n" in unfolded
    assert "DESCRIPTION:一\\n二\r\n" in unfolded
