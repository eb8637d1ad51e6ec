"""Pages of trainings and registers, walked as people use them; nobody sees another site's."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from tests import factories

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.programme.activities_models import Activity, Incident
from circle15.programme.training.bank import HEADS, import_questions
from circle15.programme.training.sessions import NewSession, announce, close
from circle15.programme.training.signing import code_of
from circle15.programme.training_models import Attendance, TrainingSession
from circle15.sites.models import Site

pytestmark = pytest.mark.django_db


def once(**given: object) -> dict[str, object]:
    return {"once": uuid4().hex, **given}


def test_a_training_is_announced_signed_in_to_and_closed() -> None:
    alice, carol, dave = (make() for make in (factories.alice, factories.carol, factories.dave))
    officer, clerk, stranger = (factories.logged_in(one) for one in (carol, alice, dave))
    now = timezone.localtime() - timedelta(minutes=1)
    times = {"starts_at": f"{now:%Y-%m-%dT%H:%M}", "ends_at": f"{now + timedelta(hours=1):%FT%R}"}
    words = {"kind": "central", "topic": "参保政策", "place": "会议室", "trainer": "县局业务科"}
    assert officer.post(reverse("training_new"), once(**words)).status_code == 422
    assert officer.post(reverse("training_new"), once(**words, **times)).status_code == 302
    with area_scope(EVERYWHERE):
        session = TrainingSession.objects.get()
    page = reverse("training_session", args=[session.uid])
    code = code_of(session, at=timezone.now())
    assert code in officer.get(page).content.decode()
    assert code not in clerk.get(page).content.decode()
    assert stranger.get(page).status_code == 404
    sign = reverse("training_session_act", args=[session.uid, "sign"])
    assert clerk.post(sign, once(code="0")).status_code == 422
    assert clerk.post(sign, once(code=code_of(session, at=timezone.now()))).status_code == 302
    close = reverse("training_session_act", args=[session.uid, "close"])
    assert clerk.post(close, once()).status_code == 404
    assert officer.post(close, once()).status_code == 302
    with area_scope(EVERYWHERE):
        assert Attendance.objects.get().user_id == alice.pk
    for name in ("training", "training_plan", "training_bank"):
        assert officer.get(reverse(name)).status_code == 200
    own = clerk.get(reverse("training_record", args=[alice.pk])).content.decode()
    assert "参保政策" in own


def test_the_answers_of_a_contest_wait_for_its_end() -> None:
    alice, carol = factories.alice(), factories.actor_for(factories.carol())
    clerk, now = factories.logged_in(alice), timezone.now() - timedelta(minutes=1)
    rows = [list(HEADS), ["题库", "判断", "一", *[""] * 6, "对", "因为如此"]]
    words = {"kind": "contest", "topic": "业务比武", "place": "会议室", "trainer": "县局业务科"}
    times = {"starts_at": now, "ends_at": now + timedelta(hours=1)}
    with area_scope(EVERYWHERE):
        import_questions(rows=rows, by=carol, at=now)
        session = announce(new=NewSession(**words, **times, pool="题库", draws=1), by=carol, at=now)
    quiz = reverse("training_quiz", args=[session.uid])
    for given in ({"act": "begin"}, {"act": "hand_in", "phase": "contest"}):
        assert "因为如此" not in clerk.get(quiz).content.decode()
        assert clerk.post(quiz, once(**given)).status_code == 302
    page = clerk.get(quiz).content.decode()
    assert "0/1" in page
    assert "因为如此" not in page
    with area_scope(EVERYWHERE):
        close(uid=session.uid, by=carol, at=timezone.now())
    assert "因为如此" in clerk.get(quiz).content.decode()


def test_a_patrol_takes_one_tap_and_an_incident_one_form() -> None:
    alice, carol = factories.alice(), factories.carol()
    clerk, officer = factories.logged_in(alice), factories.logged_in(carol)
    with area_scope(EVERYWHERE):
        code = Site.objects.get().code
    today = timezone.localdate().isoformat()
    new = reverse("activity_new", args=["patrol"])
    assert clerk.post(new, once(site=code, done_on=today, state="fine")).status_code == 302
    fair = reverse("activity_new", args=["publicity"])
    assert clerk.post(fair, once(site=code, done_on=today)).status_code == 422
    words = {"kind": "opinion", "level": "grave", "words": "网上有人发帖"}
    at = f"{timezone.localtime() - timedelta(hours=2):%FT%R}"
    told = once(site=code, happened_at=at, **words)
    assert clerk.post(reverse("incident_new"), told).status_code == 302
    with area_scope(EVERYWHERE):
        row, incident = Activity.objects.get(), Incident.objects.get()
    assert "迟报" in officer.get(reverse("incidents")).content.decode()
    closing = reverse("incident_act", args=[incident.uid, "close"])
    assert clerk.post(closing, once(note="已澄清")).status_code == 422
    assert officer.post(closing, once(note="已澄清")).status_code == 302
    for name in ("activities", "incidents"):
        assert officer.get(reverse(name)).status_code == 200
    strike = reverse("activity_strike", args=[row.uid])
    assert clerk.post(strike, once(note="重复登记")).status_code == 302
    assert "重复登记" in clerk.get(reverse("activity", args=[row.uid])).content.decode()
