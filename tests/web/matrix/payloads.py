"""What is posted to a route: forms filled in rightly, with what lies at a place."""

from datetime import timedelta

from django.utils import timezone
from tests.web.matrix.world import BOOK, ON, Place

from circle15.web.shared.once import new_key

AHEAD = (timezone.localdate() + timedelta(days=7)).isoformat()
PASSWORD = "Brandnew-horse-15"
COMMON: dict[str, object] = {
    "reason": "核对培训名册",
    "value": "130",
    "observed_on": ON.isoformat(),
    "on": "2026-03-31",
    "since": "2026-03-31",
    "source": "document",
    "note": "x",
    "key": "zone.queue",
    "state": "present",
    "status": "suspended",
    "book": BOOK,
    "purpose": "self",
    "role": "clerk",
    "password": PASSWORD,
    "mode": "all_or_nothing",
    "kind": "sites",
}
SPECIAL: dict[str, dict[str, object]] = {
    "core_complete": {"value-opsp_dise_code": "M03900", "value-begndate": "2026-03-02"},
    "core_second": {"do": "keep", "note": "x"},
    "equipment_state": {"state": "faulty"},
    "equipment_new": {"key": "eq.pen", "asset_no": "", "quantity": 1},
    "site_sign": {"kind": "wayfinding", "place": "路口", "problem": ""},
    "site_window": {"number": 2, "name": "二号窗口"},
    "site_window_remove": {"number": 1},
    "site_hours": {"weekday": 2, "opens": "08:00", "closes": "17:00"},
    "site_hours_remove": {"weekday": 1, "opens": "08:00"},
    "site_training": {"held_on": "2026-03-02", "kind": "central", "topic": "x", "attendees": 1},
    "edition_move": {"state": "review"},
    "stored_sheet": {"word": "confirm"},
    "edition_effect": {"in_force_from": "2026-12-01"},
    "login": {"username": "nobody", "password": PASSWORD},
    "change_password": {"old": "x", "new": PASSWORD, "again": PASSWORD},
    "plan_new": {"title": "x", "mode": "ebike", "minutes": "15"},
    "plan_map": {"title": "x", "state": ""},
    "devices": {"kind": "kiosk", "name": "x"},
    "desk_step": {"reason": "meal"},
    "take": {"lane": "A"},
    "hall_rules": {"call_limit": 2, "green_ratio": 2, "longest_wait_min": 20},
    "hall_lane": {"code": "B", "name": "x", "kind": "ordinary"},
    "hall_peak": {"weekdays": [1], "opens": "08:00", "closes": "10:00"},
    "hall_peak_remove": {"weekday": 1, "opens": "08:00"},
    "item_move": {"do": "give_up", "note": "x"},
    "paper_template": {"do": "take_out", "reason": "x"},
    "item_frequent": {"frequent": ["certificate"]},
    "application_task": {"text": "新计划", "seen": 0},
    "register_search": {"number": "999999194403050013"},
    "register_person_new": {"name": "新人", "birth_year": "1990"},
    "register_person_edit": {"name": "新名"},
    "person": {"field": "all", "reason": "核对本人到岗"},
    "register_reveal": {"field": "id_number", "reason": "核对本人号码"},
    "register_join": {"register": "frail"},
    "register_leave": {"register": "insured"},
    "register_consent": {"purpose": "sms", "how": "signed"},
    "register_need": {"topic": "costs", "words": "x"},
    "register_need_answer": {"state": "met", "words": "x"},
    "register_organisation": {"address": "x"},
    "register_organisation_new": {"name": "新单位"},
    "follow_up_step": {"state": "done"},
    "services": {"form": "assisted", "way": "fill", "done_on": "2026-03-01"},
    "consultations": {
        "topic": "other",
        "asked_by": "phone",
        "question": "问什么",
        "reply": "answered",
        "answer": "答什么",
        "done_on": "2026-03-01",
    },
    "site_board_text": {"key": "evaluation", "text": "x"},
    "rating_enter": {
        "channel": "paper",
        "day": "2026-03-01",
        "label": "A001",
        "grade": "5",
    },
    "finding": {"state": "explained", "why": "已说明"},
    "campaign_line_act": {"note": "核过附件"},
    "fund_act": {"words": "凭证不清"},
    "fund_round_act": {"applications": ""},
    "funds": {"name": "x", "begins_on": "2026-01-01", "ends_on": "2026-12-31"},
    "construction_step": {"key": "money", "state": "promised", "note": "x"},
    "duties": {"do": "force", "since": "2026-03-01"},
    "duty_step": {"words": "正在办理"},
    "activity_strike": {"note": "重复登记"},
    "survey_strike": {"note": "重复登记"},
    "incident_act": {"note": "正在核实"},
    "training_session_act": {"note": "改期另行通知"},
    "title_act": {"note": "场所改作他用"},
    "pharmacy_step": {"note": "再观察一段"},
    "agreement_step": {"why": "不再合作"},
    "order_new": {"kind": "opinion", "came_from": "window", "text": "多摆几张凳子"},
    "order_step": {"note": "说明情况", "text": "x"},
    "warning_plan": {"words": "马上改", "until": AHEAD},
    "supervision_new": {"words": "请整改", "until": AHEAD},
    "supervision_step": {"words": "不再需要"},
    "reports": {"kind": "self"},
    "information_begin": {"kind": "site_monthly", "begins_on": "2026-01-01"},
    "information_hand_in": {"kind": "site_monthly", "period": "2026-01"},
    "information_judge": {"act": "return", "reason": "缺表"},
    "awards": {"period": "2026Q1", "reason": "零差评"},
    "year_results": {"result": "excellent", "uses": ["quality"], "note": "x"},
    "typical_new": {"title": "一窗办好", "text": "做法"},
    "feedback": {"kind": "opinion", "text": "多摆几张凳子"},
    "account_new": {"username": "newcomer", "name": "新人"},
}

# What names the place in its `site`.
OF_A_SITE = {
    *("rating_enter", "order_new", "feedback", "year_results", "typical_new", "inspection_new"),
    "reports",
}


def payload(route: str, place: Place, area_path: str) -> dict[str, object]:
    """Return a submission that would do something were the object in the sender's area."""
    about = {
        "asset_no": place.code("asset"),
        "organisation": place.arguments["organisation"],
        "division": area_path,
        "division_code": place.division.code,
    }
    if route in OF_A_SITE:
        about["site"] = place.arguments.get("code", "")
    if route == "information_hand_in":
        about["owner"] = place.path
    if route == "awards":
        about["holder"] = f"window/{place.arguments.get('code', '')}/1"
    if route == "case_absences":
        about["user"] = place.arguments.get("user_id", "")
    if route == "intake_organisation":
        about["organisation"] = place.word
    if route == "intake_handler":
        about["mandate"] = place.arguments.get("handler_uid", "")
    if route == "devices":
        about["site_code"] = place.arguments.get("code", "")
    return COMMON | about | {"once": new_key()} | SPECIAL.get(route, {})
