"""The ticket machine, step by step, without a browser."""

import re
from contextlib import ExitStack
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from tests.factories import SiteFactory
from tests.hall.appointments.places import at_hour, furnish, number
from tests.web.kiosk.conftest import Machine, revoke

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.hall.booking_models import Appointment, BookingRules
from circle15.hall.printing.encoding import PaperWidth
from circle15.hall.printing.reading_back import code_modules, read_back
from circle15.ops.simulators import platforms
from circle15.ops.simulators.reader import synthetic_ecard, synthetic_resident_id
from circle15.web.shared.once import new_key

pytestmark = pytest.mark.django_db

STEPS = ("", "items/", "items/enrolment/", "green/", "appointment/", "scan/")
OLD_PERSON = synthetic_resident_id(date(1950, 1, 1))
OTHER_PERSON = synthetic_resident_id(date(1951, 3, 4), serial=7)
HALF_AN_HOUR = timedelta(minutes=30)
YOUNG_PERSON = synthetic_resident_id(date(2004, 2, 29))


def take(machine: Machine, **fields: str):
    return machine.client().post("/kiosk/take/", {"once": new_key(), **fields})


def scan(machine: Machine, code: str):
    return machine.client().post("/kiosk/scan/", {"scan": code})


@pytest.mark.parametrize("step", STEPS)
def test_every_step_is_kept_nowhere(machine: Machine, step: str):
    reply = machine.client().get(f"/kiosk/{step}")

    assert (reply.status_code, reply["Cache-Control"]) == (200, "no-store")
    assert (
        f"connect-src 'self' http://127.0.0.1:{settings.KIOSK_PRINTER_PORT};"
        in (reply["Content-Security-Policy"])
    )


@pytest.mark.parametrize("step", STEPS)
def test_nobody_but_a_machine_gets_in(client, machine: Machine, step: str):
    reply = client.get(f"/kiosk/{step}", headers={"Accept": "text/html"})

    assert (reply.status_code, reply["Location"]) == (302, "/device/")


# Clauses: W-64, Q-56
def test_number_for_an_item(machine: Machine):
    reply = take(machine, item="resident-enrolment")

    (ticket,) = machine.tickets()
    assert (ticket.label, ticket.source) == ("A001", "kiosk")
    assert [item.item for item in ticket.items.all()] == ["resident-enrolment"]
    assert "A001" in reply.content.decode()
    assert "城乡居民参保登记" in reply.content.decode()


def test_an_item_nobody_knows_is_left_out(machine: Machine):
    take(machine, item="<script>")

    (ticket,) = machine.tickets()
    assert (ticket.label, list(ticket.items.all())) == ("A001", [])


def test_green_channel_by_class(machine: Machine):
    take(machine, green="old")
    refused = take(machine, green="in-a-hurry")

    (ticket,) = machine.tickets()
    assert (ticket.label, ticket.green_class, refused.status_code) == ("G001", "old", 422)


def test_the_same_form_twice_gives_one_number(machine: Machine):
    key = new_key()
    replies = [take(machine, once=key).content for _ in range(3)]

    assert len(machine.tickets()) == 1
    assert replies[0] == replies[1] == replies[2]


def test_a_closed_hall_says_so_and_gives_no_number(machine: Machine):
    with area_scope(EVERYWHERE):
        machine.hall.takes_tickets = False
        machine.hall.save()

    assert take(machine).status_code == 409
    pages = [machine.client().get(f"/kiosk/{step}").content.decode() for step in STEPS]
    assert [("现在不取号" in page) for page in pages] == [True] * len(STEPS)
    assert machine.client().get("/kiosk/alive/").json() == {"gives": False, "waiting": 0}
    assert machine.tickets() == []


def test_before_the_hours_it_says_when(machine: Machine):
    hour = (timezone.localtime().hour + 12) % 24
    with area_scope(EVERYWHERE):
        for weekday in range(1, 8):
            machine.hall.site.hours.create(
                weekday=weekday, opens=f"{hour:02}:00", closes=f"{hour:02}:20", is_extended=True
            )

    assert "下次开门" in machine.client().get("/kiosk/").content.decode()
    assert take(machine).status_code == 409


@pytest.mark.parametrize("width", PaperWidth)
def test_paper_is_for_the_machine_that_gave_the_number(machine: Machine, width: PaperWidth):
    take(machine)
    (ticket,) = machine.tickets()
    path = f"/kiosk/paper/{ticket.uid}/{width.value}/"

    paper = read_back(machine.client().get(path).content)
    machine.device = type(machine.device)(
        uuid4(), machine.device.kind, machine.device.site_path, machine.device.expires_at
    )

    assert paper.picture.width == width.dots
    assert len(code_modules(paper.picture)) > 20
    assert machine.client().get(path).status_code == 404
    assert machine.client().get(path.replace(f"{width.value}/", "76/")).status_code == 404


def test_a_card_leads_old_people_to_the_green_channel(machine: Machine):
    old, young = scan(machine, OLD_PERSON), scan(machine, YOUNG_PERSON)

    assert [("绿色通道取号" in reply.content.decode()) for reply in (old, young)] == [True, False]
    assert scan(machine, synthetic_ecard(1)).status_code == 200


def test_a_code_of_the_app_is_as_good_as_a_card(machine: Machine, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    with ExitStack() as stack:
        serving = platforms.serve(tmp_path, stack)
        show = serving.decoder.show
        code = show(OLD_PERSON, "合成甲")
        old, again = (scan(machine, code) for _turn in range(2))
        serving.platform.shut()  # the core is away: the decoder has said who it is
        core_away = scan(machine, show(OLD_PERSON, "合成甲"))
        serving.decoder.mode = "away"
        away = scan(machine, show(OLD_PERSON, "合成甲"))

    pages = [reply.content.decode() for reply in (old, core_away)]
    assert [("绿色通道取号" in page, OLD_PERSON in page) for page in pages] == [(True, False)] * 2
    assert (again.status_code, "已过期" in again.content.decode()) == (422, True)
    assert (away.status_code, "请改刷身份证" in away.content.decode()) == (200, True)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (OTHER_PERSON[:15] + "000", "表格软件改坏"),
        ("3.20621E+17", "表格软件改坏"),
        (OLD_PERSON[:-1] + str((int(OLD_PERSON[-1].replace("X", "9")) + 1) % 10), "没有读到"),
        (OLD_PERSON[:-1], "没有读到"),
        ("", "没有读到"),
    ],
)
def test_a_bad_reading_is_refused_without_being_shown(machine: Machine, code: str, words: str):
    reply = scan(machine, code)

    assert reply.status_code == 422
    assert words in reply.content.decode()
    assert not code or code not in reply.content.decode()


def test_a_card_number_is_written_nowhere(machine: Machine, caplog):
    for code in (OLD_PERSON, OLD_PERSON[:-1], synthetic_ecard(1)):
        scan(machine, code)

    with area_scope(EVERYWHERE), connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}" AS t WHERE t::text LIKE %s', [_ANY])
            assert (table, cursor.fetchone()[0]) == (table, 0)
    assert OLD_PERSON[:-1] not in caplog.text


_ANY = f"%{OLD_PERSON[:-1]}%"


@pytest.mark.parametrize("code", [OLD_PERSON, YOUNG_PERSON, synthetic_ecard(1)])
def test_what_was_read_is_not_echoed_not_even_masked(machine: Machine, code: str):
    reply = scan(machine, code)

    # Neither the whole nor a piece: the day of birth, the last four, the head of a code.
    pieces = (code, code[6:14], code[-4:], code[:6])
    # Keys of forms and the CSRF token are drawn by chance; they may hold four digits.
    drawn = re.sub(r'value="[0-9A-Za-z]{32,}"|data-csrf="\w+"', "", reply.content.decode())
    assert [piece for piece in pieces if piece in drawn] == []
    assert (reply.status_code, reply["Cache-Control"]) == (200, "no-store")
    assert code not in str(reply.headers) + str(reply.cookies)


def test_a_code_of_the_app_claims_nothing_about_appointments(machine: Machine):
    card, code = (scan(machine, one).content.decode() for one in (YOUNG_PERSON, synthetic_ecard(1)))

    assert ["今天没有您的预约" in page for page in (card, code)] == [True, False]
    assert ["输预约码" in page for page in (card, code)] == [False, True]


def test_the_number_after_a_card_knows_no_person(machine: Machine):
    take_form = scan(machine, OLD_PERSON).content.decode()
    fields = set(re.findall(r'<(?:input|button)[^>]* name="([^"]+)"', take_form))
    assert fields == {"csrfmiddlewaretoken", "once", "green", "item"}
    take(machine, green="old")

    (ticket,) = machine.tickets()
    assert (ticket.label, ticket.green_class, ticket.green_reason) == ("G001", "old", "")
    assert ticket.appointment_uid is None


def test_a_closed_hall_looks_nobody_up(machine: Machine):
    with area_scope(EVERYWHERE):
        machine.hall.takes_tickets = False
        machine.hall.save()

    for code in (OLD_PERSON, synthetic_ecard(1), OLD_PERSON[:-1]):
        page = scan(machine, code).content.decode()
        assert ("现在不取号" in page, "绿色通道取号" in page) == (True, False)
    assert machine.tickets() == []


def test_an_unknown_appointment_is_said(machine: Machine):
    typed = machine.client().post("/kiosk/appointment/", {"once": new_key(), "code": "123456"})

    assert [typed.status_code, scan(machine, "123456").status_code] == [422, 422]
    assert machine.tickets() == []


def test_a_revoked_machine_is_out(machine: Machine):
    revoke(machine)

    assert machine.client().get("/kiosk/")["Location"] == "/device/"
    assert take(machine).status_code == 401


def test_a_machine_works_for_its_own_hall_only(machine: Machine):
    other = SiteFactory(other=True)
    machine.device = type(machine.device)(
        uuid4(), machine.device.kind, other.area_path, machine.device.expires_at
    )

    assert machine.client().get("/kiosk/").status_code == 404
    assert take(machine).status_code == 404


def test_the_end_forgets_all_but_the_machine(machine: Machine):
    client = machine.client()
    client.cookies["circle15-mode"] = "elder"
    reply = client.post("/kiosk/end/")

    gone = {name for name, cookie in reply.cookies.items() if cookie["max-age"] == 0}
    assert gone == {"circle15-mode", "circle15-text", "circle15-language"}
    assert reply["Clear-Site-Data"] == '"cache", "storage"'


def test_an_appointment_leads_to_the_booked_lane(machine: Machine):
    code = appointment_of_today(machine)

    reply = machine.client().post("/kiosk/appointment/", {"once": new_key(), "code": code})

    assert [ticket.label for ticket in machine.tickets()] == ["Y001"]
    assert "Y001" in reply.content.decode()
    assert "Y001" in scan(machine, code).content.decode()  # the same once more
    assert len(machine.tickets()) == 1


def test_a_scanned_card_takes_its_appointment(machine: Machine):
    appointment_of_today(machine)

    assert "Y001" in scan(machine, number(1)).content.decode()
    assert [ticket.label for ticket in machine.tickets()] == ["Y001"]


def appointment_of_today(machine: Machine) -> str:
    """Book as of old, and let it be for now; return its code."""
    BookingRules.objects.filter(hall=machine.hall).delete()
    booked, now = furnish().booked(at_hour(9), n=1), timezone.now()
    times = {"on": timezone.localdate(now), "starts_at": now, "ends_at": now + HALF_AN_HOUR}
    with area_scope(EVERYWHERE):
        Appointment.objects.filter(pk=booked.pk).update(**times)
    return booked.code
