"""Nobody sees or changes what lies outside the own area: every route, role, place and method."""

import os

import pytest
from tests.web.matrix.asking import Findings, Questioner
from tests.web.matrix.canaries import in_text, text_of
from tests.web.matrix.pairs import compare, questions_of
from tests.web.matrix.payloads import payload
from tests.web.matrix.programs import ask_everything
from tests.web.matrix.routes import routes

from circle15.accounts.states import Role

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
# One question of SHARE about other places is asked here, all by the long campaigns.
SHARE = int(os.environ.get("CIRCLE15_MATRIX_SHARE", "16"))
IN_FULL = SHARE == 1
PAIRS, PROMISED_S = (11 if IN_FULL else 1), 0.020
LEAST = 20_000 if IN_FULL else 9_000 / SHARE
# Were one of these never seen in the own area, its silence elsewhere would mean nothing.
SUNG = {
    *("name", "code", "address", "phone", "label", "asset", "place", "problem", "window"),
    *("duty", "note", "recorder", "value", "photo", "topic", "trainer", "keeper"),
    *("org", "person", "user", "post", "uid", "file", "importer", "actor", "target", "event"),
    *("plan", "asker", "village", "machine", "seat", "served", "need", "watcher"),
    *("help", "question", "answer", "rated", "complaint"),
    *("drawn", "checked", "found"),
    *("receipt", "applicant", "employer", "picture", "absent", "refusal", "declaration"),
    *("campaign", "assessor"),
    *("reported", "handed"),
    *("shop", "reason", "drug", "partner", "outlet"),
    *("lesson", "room", "handout", "attended", "planned", "policy", "asked", "fair", "incident"),
    "surveyed",
    "mother",
    *("milestone", "owed", "said", "told"),
    *("organiser", "starter", "intent"),
    *("aim", "why"),
    *("voucher", "payee"),
    *("wish", "wisher", "warned", "ordered", "praise", "typical"),
}
# What a submission really did in the own area, so that its refusal elsewhere means something.
DONE = {
    *("account_disable", "account_enable", "account_lift_lock", "account_reset_password"),
    *("account_reset_second_factor", "account_give_post", "account_end_post", "account_new"),
    *("equipment_state", "zone_state", "site_status", "fact", "import_discard"),
    "finding",
    *("application_act", "application_task"),
    *("service_strike", "consultation_strike", "site_board", "site_board_text"),
    *("campaign_line_act", "campaign_site_act", "title_act"),
    *("construction_step", "duties", "duty_step"),
    *("fund_act", "funds"),
    *("order_new", "warning_plan", "supervision_new", "supervision_step"),
    *("survey_strike", "fund_round_act"),
    *("activity_strike", "incident_act", "training_session_act"),
    *("reports", "information_begin", "information_judge"),
    *("pharmacy_step", "price_list_step", "agreement_step", "outlet_step"),
    *("plan_cancel", "device_revoke", "core_complete", "core_set_aside", "core_settle"),
    "core_second",
    *("equipment_new", "site_sign", "site_window", "site_window_remove", "site_hours"),
    *("site_hours_remove", "site_training"),
    *("register_person_new", "register_person_edit", "register_join", "register_leave"),
    *("register_confirm", "register_consent", "register_need", "register_need_answer"),
    *("register_erasure", "register_organisation", "register_organisation_new"),
    *("follow_up_step", "account_alarm", "case_absences", "case_absence_end"),
    *("desk_open", "take", "hall_set_up", "hall_rules", "hall_lane", "hall_peak", "hall_skills"),
}
# Routes of an own object, and what of another place is named in the submission.
SMUGGLED = {
    "equipment_state": ("asset_no", "asset_no", 404),
    "fact": ("corrects", "fact_id", 422),
    "account_give_post": ("organisation", "organisation", 422),
    "account_new": ("organisation", "organisation", 422),
}


@pytest.fixture(scope="module")
def found(places, visitors) -> Findings:
    questioner = Questioner(places, share=SHARE)
    for visitor in visitors:
        questioner.everything(visitor)
    return questioner.found


@pytest.fixture(scope="module")
def found_by_programs(places, visitors) -> Findings:
    questioner = Questioner(places, share=1 if IN_FULL else 4 * SHARE)
    for visitor in visitors:
        if visitor.user:
            ask_everything(questioner, visitor)
    return questioner.found


def test_nothing_leaks_on_any_route_for_any_role(found):
    assert found.leaks == []
    assert len(found.asked) >= LEAST
    assert len(routes()) >= 60


def test_nothing_leaks_through_the_api_either_and_nothing_foreign_changes(found_by_programs):
    assert (found_by_programs.leaks, found_by_programs.faults) == ([], [])
    assert len(found_by_programs.asked) >= (1_400 if IN_FULL else 300 / (4 * SHARE))


def test_numbers_and_phones_stand_in_full_only_where_revealed_with_a_reason(found):
    """The numbers of whoever lives or works in the own area; `leaks` has those shown elsewhere."""
    assert [each for each in found.leaks if "in full" in each] == []
    assert any("9999991980" in each and "1380008" in each for each in found.revealed)


def test_foreign_is_not_found_and_nothing_foreign_changes(found):
    assert found.faults == []


def test_own_places_were_seen_and_written(found):
    assert set() == SUNG - found.seen
    assert set() == DONE - found.written


def test_elsewhere_and_nowhere_cannot_be_told_apart(places, visitors):
    house = Questioner(places).house
    questions = questions_of(places, visitors, house, share=SHARE)

    differ, gaps = compare(questions, pairs=PAIRS)

    assert differ == []
    assert len(questions) >= 100 / SHARE
    if IN_FULL:  # asked in turn, the middle of each: what else the machine does hits both
        assert {name: gap for name, gap in gaps.items() if gap >= PROMISED_S} == {}


@pytest.mark.parametrize("name", SMUGGLED)
@pytest.mark.parametrize("foreign", ["qd3", "rg1", "ly1"])
def test_foreign_numbers_in_an_own_submission_are_refused(places, visitors, name, foreign):
    role = Role.SECURITY_ADMIN if name.startswith("account") else Role.SITE_MANAGER
    visitor = next(each for each in visitors if each.role == role)
    if visitor.covers(places[foreign]):
        foreign = "rg1"
    field, argument, status = SMUGGLED[name]
    route = next(route for route in routes() if route.name == name)
    [address] = route.addresses(places["qd1"], {"name": "site.indoor_area_m2"})
    data = payload(name, places["qd1"], visitor.path)

    reply = visitor.client().post(address, data | {field: places[foreign].arguments[argument]})

    assert reply.status_code == status
    assert {key for key, _ in in_text(text_of(reply))} & {foreign} == set()
