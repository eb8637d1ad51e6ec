"""Pages of staff and results: who sees what, and each form leads where its words say."""

from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from PIL import Image
from tests.factories import city_officer, logged_in
from tests.ratings.conftest import Place, place, town  # noqa: F401 -- fixtures

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.appraisal_models import YearResult
from circle15.assessments.appraisal_states import quarter_of
from circle15.web.shared.once import new_key

NOW = timezone.now()
PERIOD = str(quarter_of(timezone.localdate(NOW)).former)
HOME = "/appraisals/"


@pytest.fixture
def hall(place: Place) -> Place:  # noqa: F811 -- a fixture
    return place


def post(client: Client, address: str, **given: object):
    return client.post(address, {"once": new_key(), **given})


def text(client: Client, address: str) -> str:
    reply = client.get(address)
    assert reply.status_code == 200, address
    return reply.content.decode()


def test_a_grade_goes_from_the_manager_to_the_officer_and_to_the_person(hall):
    alice, manager, carol = (logged_in(hall.users[who]) for who in ("alice", "manager", "carol"))
    sheet = f"{HOME}{hall.users['alice'].pk}/{PERIOD}/"
    assert "bob" in text(manager, f"{HOME}?period={PERIOD}")
    assert "业绩表" in text(manager, sheet)
    given = {"grade": "good", "note": "接待量大，零差评"}
    assert post(manager, f"{sheet}do/propose/", grade="good", note="").status_code == 422
    assert post(manager, f"{sheet}do/propose/", **given).status_code == 302
    assert post(manager, f"{sheet}do/confirm/", note="").status_code == 403
    assert "零差评" not in text(alice, sheet)
    assert post(carol, f"{sheet}do/confirm/", note="").status_code == 302
    assert post(carol, f"{sheet}do/confirm/", note="").status_code == 409
    assert "提出异议" in text(alice, sheet)
    assert post(alice, f"{sheet}do/accept/", note="").status_code == 302
    assert "已归档" in text(manager, f"{HOME}?period={PERIOD}")
    book = load_workbook(BytesIO(manager.post(f"{HOME}export/?period={PERIOD}").content))
    assert "良好" in {cell.value for row in book.active.rows for cell in row}


def test_a_person_sees_the_own_sheet_and_nobody_elses(hall):
    own = logged_in(hall.users["alice"])
    assert own.get(HOME).url.startswith(f"{HOME}{hall.users['alice'].pk}/")
    assert own.get(f"{HOME}{hall.users['bob'].pk}/{PERIOD}/").status_code == 404
    assert own.get(f"{HOME}{hall.users['alice'].pk}/2026Q9/").status_code == 404
    far = logged_in(hall.users["dave"])
    assert far.get(f"{HOME}{hall.users['alice'].pk}/{PERIOD}/").status_code == 404
    assert own.post(f"{HOME}export/").status_code == 403


def test_a_number_opens_as_many_rows(hall):
    for _each in range(3):
        hall.visit(at=NOW)
    now = quarter_of(timezone.localdate(NOW))
    sheet = f"{HOME}{hall.users['alice'].pk}/{now}/"
    manager = logged_in(hall.users["manager"])
    assert f'href="{sheet}rows/tickets/">3' in text(manager, sheet)
    assert text(manager, f"{sheet}rows/tickets/").count('<th scope="row">') == 3
    assert manager.get(f"{sheet}rows/nothing/").status_code == 404


def test_a_window_is_proposed_approved_and_stands_on_the_public_board(hall):
    manager, carol = (logged_in(hall.users[who]) for who in ("manager", "carol"))
    given = {"period": PERIOD, "holder": "window/QD-0001/1", "reason": "零差评"}
    assert post(manager, f"{HOME}awards/", **given).status_code == 302
    assert post(manager, f"{HOME}awards/", **given).status_code == 409
    step = next(
        part for part in text(carol, f"{HOME}awards/").split('"') if part.endswith("/do/approve/")
    )
    assert post(carol, step, note="").status_code == 302
    board = text(Client(), "/disclosure/QD-0001/")
    assert "示范窗口" in board
    assert "零差评" not in board
    assert "示范窗口" in text(logged_in(hall.users["alice"]), f"{HOME}awards/")


def test_a_years_result_is_recorded_once_and_exported(hall):
    carol, year = logged_in(hall.users["carol"]), timezone.localdate(NOW).year
    address = f"{HOME}results/?period={year}"
    given = {"site": "QD-0001", "result": "excellent", "uses": ["quality"], "note": ""}
    key = new_key()
    for _each in range(2):
        assert carol.post(address, {"once": key, **given}).status_code == 302
    refused = post(carol, address, **given | {"result": "failed", "uses": ["praise"]})
    assert refused.status_code == 409
    shown = text(carol, address)
    assert "待第二人同意" in shown
    assert "/agree/" not in shown  # nobody agrees to the own proposal
    with area_scope(EVERYWHERE):
        row = YearResult.objects.get()
    agree = f"{HOME}results/QD-0001/agree/?period={year}"
    assert post(carol, agree, proposed=row.pk).status_code == 409
    city = logged_in(city_officer())
    assert "/agree/" in text(city, address)
    assert post(city, agree, proposed=row.pk).status_code == 302
    assert post(city, agree, proposed=row.pk).status_code == 409
    book = load_workbook(BytesIO(carol.post(f"{HOME}results/export/?period={year}").content))
    assert "优秀" in {cell.value for row in book.active.rows for cell in row}


def test_a_case_is_written_given_a_photo_and_read_by_others_once_published(hall, tmp_path):
    manager, carol = (logged_in(hall.users[who]) for who in ("manager", "carol"))
    given = {"title": "一窗办好", "text": "电话13800138000", "site": "QD-0001"}
    case = post(manager, f"{HOME}cases/new/", **given).url
    assert "删去以后才能报送" in text(manager, case)
    assert post(manager, f"{case}do/submit/").status_code == 409
    given = {"title": "一窗办好", "text": "做法和成效", "version": 1}
    assert post(manager, f"{case}do/write/", **given).status_code == 302
    photo = tmp_path / "hall.png"
    Image.new("RGB", (8, 8), "white").save(photo)
    with photo.open("rb") as file:
        assert post(manager, f"{case}do/file/", file=file).status_code == 302
    shown = next(part for part in text(manager, case).split('"') if "/cases/files/" in part)
    for client, step in ((manager, "submit"), (carol, "choose"), (carol, "publish")):
        far = logged_in(hall.users["dave"])
        assert far.get(shown).status_code == 404
        assert post(client, f"{case}do/{step}/", note="很好").status_code == 302
    assert "做法和成效" in text(far, case)
    assert far.get(shown).headers["Content-Type"] == "image/png"
    assert "一窗办好" in text(far, f"{HOME}cases/?q=成效")
