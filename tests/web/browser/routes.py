"""Every page there is, found in the URL configuration, with an example address for each."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLResolver, get_resolver, reverse
from tests.web.browser.city import INSURED, City

from circle15.accounts.states import PERMISSIONS, Role
from circle15.web.shared.access import Access, accesses_of

HALL = "320681000000C01"
STRONG = "320681110000C01"
BOOK = "jiangsu-acceptance"

_OF_COUNTY = "JOIN sites_site s ON s.id = site_id WHERE s.area_path LIKE '%%/320681000000/%%'"
# What a route's arguments may be. A plain word stands for itself, a query is asked of the city.
EXAMPLES = {
    "code": STRONG,
    "name": "site.indoor_area_m2",
    "book": BOOK,
    "edition_id": "SELECT min(id) FROM assessments_storededition",
    "edition_edit edition_id": "SELECT max(id) FROM assessments_storededition",
    "catalogue_id": "SELECT max(id) FROM items_edition",
    "template_id": "SELECT max(id) FROM cases_papertemplate",
    "paper": "granted",
    "key": "certificate",
    "size": "a4",
    "form": "xlsx",
    "layer": "sites",
    "status": "404",
    "sheet_id": f"SELECT max(x.id) FROM assessments_storedsheet x {_OF_COUNTY}",
    "evidence_id": f"SELECT max(x.id) FROM ledger_evidence x {_OF_COUNTY}",
    "user_id": "SELECT id FROM accounts_user WHERE username = 'clerk1'",
    "person_uid": "SELECT uid FROM accounts_person"
    " WHERE area_path LIKE '%%/320681000000/%%' ORDER BY id LIMIT 1",
    "insured_uid": "SELECT uid FROM ledger_person"
    " WHERE area_path LIKE '%%/320681110000/%%' ORDER BY id LIMIT 1",
    "served_uid": "SELECT uid FROM ledger_servedorganisation"
    " WHERE area_path LIKE '%%/320681110000/%%' ORDER BY id LIMIT 1",
    "handler_uid": "SELECT uid FROM ledger_mandate WHERE organisation_id IS NOT NULL LIMIT 1",
    "plan_uid": "SELECT uid FROM plans_plan"
    " WHERE kind = 'coverage' AND state = 'done' ORDER BY id DESC LIMIT 1",
    "kind": "siting",
    "digest": "SELECT digest FROM plans_roadnetwork ORDER BY id DESC LIMIT 1",
    "window_id": "SELECT window_id FROM hall_windowsession WHERE ended_at IS NULL LIMIT 1",
    "step": "pick",
    "ticket_uid": f"SELECT x.uid FROM hall_ticket x JOIN hall_hall h ON h.id = x.hall_id"
    f" JOIN sites_site s ON s.id = h.site_id WHERE s.code = '{STRONG}' ORDER BY x.id DESC LIMIT 1",
    "number": "1",
    "hall_code": STRONG,
    "item": "certificate",
    "event": "birth",
    "appointment_uid": "SELECT uid FROM hall_appointment"
    " WHERE state = 'booked' ORDER BY starts_at, id LIMIT 1",
    "draw_uid": "SELECT uid FROM assessments_inspectiondraw ORDER BY id LIMIT 1",
    "check_uid": "SELECT uid FROM assessments_inspection"
    " WHERE area_path LIKE '%%/320681000000/%%' AND state = 'merged' ORDER BY id LIMIT 1",
    "order_uid": "SELECT uid FROM ratings_order"
    " WHERE area_path LIKE '%%/320681000000/%%' AND state = 'verified' ORDER BY id LIMIT 1",
    "campaign_uid": "SELECT uid FROM assessments_campaign"
    " WHERE kind = 'dynamic' ORDER BY id LIMIT 1",
    "entry_uid": "SELECT uid FROM assessments_entry WHERE state = 'published' ORDER BY id LIMIT 1",
    "rule_id": "I01.2.a",
    "target_uid": "SELECT uid FROM programme_target WHERE metric = 'towns_with_bank' LIMIT 1",
    "fund_uid": "SELECT uid FROM programme_fundmove"
    " WHERE kind = 'use' AND state = 'approved' ORDER BY id DESC LIMIT 1",
    "fund_round_uid": "SELECT uid FROM programme_fundround ORDER BY id LIMIT 1",
    "fund_new kind": "use",
    "period": "SELECT year || 'Q' || quarter FROM assessments_appraisal"
    " WHERE quarter > 0 ORDER BY id LIMIT 1",
    "measure": "tickets",
    "typical_uid": "SELECT uid FROM assessments_typicalcase"
    " WHERE state = 'draft' ORDER BY id LIMIT 1",
    "typical_file_uid": "SELECT uid FROM assessments_typicalfile ORDER BY id LIMIT 1",
    "supervision_uid": "SELECT uid FROM assessments_supervisionorder"
    " WHERE area_path LIKE '%%/320681000000/%%' ORDER BY id LIMIT 1",
    "report_uid": "SELECT uid FROM assessments_report"
    " WHERE area_path LIKE '%%/320681000000/%%' ORDER BY id LIMIT 1",
    "report_file media": "pdf",
    "special_file media": "pdf",
    "pharmacy_uid": "SELECT uid FROM programme_pharmacy WHERE state = 'leaving' LIMIT 1",
    "price_list_uid": "SELECT uid FROM programme_pricelist ORDER BY id LIMIT 1",
    "agreement_uid": "SELECT uid FROM programme_agreement ORDER BY id LIMIT 1",
    "outlet code": "SELECT s.code FROM programme_outlet o JOIN sites_site s ON s.id = o.site_id"
    " ORDER BY o.id LIMIT 1",
    "session_uid": "SELECT uid FROM programme_trainingsession"
    " WHERE kind = 'special' ORDER BY id LIMIT 1",
    "material_id": "SELECT min(id) FROM programme_trainingmaterial",
    "activity_uid": "SELECT uid FROM programme_activity"
    " WHERE kind = 'publicity' ORDER BY id LIMIT 1",
    "activity_new kind": "publicity",
    "survey_uid": "SELECT uid FROM programme_awarenesssurvey ORDER BY id LIMIT 1",
    "incident_uid": "SELECT uid FROM programme_incident ORDER BY id LIMIT 1",
    "project_uid": "SELECT uid FROM programme_project WHERE state = 'running' ORDER BY id LIMIT 1",
    "assignment_uid": "SELECT uid FROM programme_assignment"
    " WHERE parent_id IS NULL AND state = 'given' AND EXISTS (SELECT FROM programme_assignment c"
    " WHERE c.parent_id = programme_assignment.id) ORDER BY id LIMIT 1",
    "notice_uid": "SELECT uid FROM programme_dutynotice ORDER BY id LIMIT 1",
    "duty_notice media": "pdf",
    "file_id": "SELECT max(evidence_id) FROM programme_dutyword",
    "rate_ticket link": "SELECT uid FROM hall_ticket"
    " WHERE state = 'finished' ORDER BY day DESC, number DESC, id LIMIT 1",
    "uid": "SELECT uid FROM imports_importrun ORDER BY id DESC LIMIT 1",
    "round_uid": "SELECT uid FROM programme_round ORDER BY id LIMIT 1",
    "round_file paper": "notice",
    "round_file media": "docx",
    "application_uid": "SELECT uid FROM programme_application WHERE state = 'returned' LIMIT 1",
    "application_file media": "docx",
    "task": "plan",
}
_CASE = (
    "SELECT uid FROM cases_case WHERE accepted_at IS NOT NULL AND person_uid IS NOT NULL"
    " AND area_path LIKE '%%/320681000000/%%' AND state = '{}' ORDER BY id LIMIT 1"
)
EXAMPLES |= {
    **{
        f"{name} case_uid": _CASE.format("handling")
        for name in ("case", "case_ask", "case_qr", "case_paper", "case_paper_file")
    },
    "case_ask act": "extend",
    "case_paper which": "receipt",
    "case_paper_file which": "receipt",
    "case_paper_file media": "pdf",
    "paper_template_file media": "pdf",
    "joint_uid": "SELECT uid FROM cases_jointhandling"
    " WHERE area_path LIKE '%%/320681000000/%%' ORDER BY id LIMIT 1",
    "joint_file media": "pdf",
    # Kept before it is accepted: the questions and papers of the window.
    "intake_case case_uid": "SELECT uid FROM cases_case WHERE state IN ('submitted', 'incomplete')"
    " AND channel = 'window' AND area_path LIKE '%%/320681000000/%%' ORDER BY id LIMIT 1",
}
# Of who asked for a mandate in `insured.have_an_application`, and signs in where pages are walked.
_OWNER = "(SELECT asked_by FROM accounts_signincode WHERE purpose = 'mandate' LIMIT 1)"
_WEB = (
    f"SELECT uid FROM cases_case WHERE person_uid = {_OWNER} AND channel = 'web'"
    " AND item_key = 'living-elsewhere' AND state = '%s' ORDER BY id DESC LIMIT 1"
)
_DRAFT, _SUBMITTED = _WEB % "draft", _WEB % "submitted"
_CODE = "SELECT uid FROM accounts_signincode WHERE purpose = '%s' ORDER BY made_at DESC LIMIT 1"
EXAMPLES |= {"site_code": STRONG, "disclosure_paper size": "a3"}
EXAMPLES |= {
    **{
        f"{name} case_uid": _DRAFT
        for name in (
            *("apply_case", "apply_question", "apply_form", "apply_paper", "apply_picture"),
            *("apply_handover", "apply_check"),
        )
    },
    **{
        f"{name} case_uid": _SUBMITTED
        for name in (
            *("apply_done", "apply_receipt", "my_case", "my_supplement", "my_paper"),
            *("my_withdraw", "my_appeal", "my_answer", "my_rate"),
        )
    },
    "apply_start item": "living-elsewhere",
    "come_in door": "jiangsu-app",
    "apply_question key": "stay",
    "apply_form key": "filing-form",
    "apply_paper key": "living-proof",
    "apply_picture file_uid": "SELECT f.uid FROM cases_casefile f JOIN cases_case c"
    f" ON c.id = f.case_id WHERE c.state = 'draft' AND c.person_uid = {_OWNER}"
    " AND c.item_key = 'living-elsewhere' ORDER BY f.id DESC LIMIT 1",
    "my_paper which": "receipt",
    "signin_code code_uid": _CODE % "sign_in",
    "mandate_code code_uid": _CODE % "mandate",
}
# Nothing is under way in the import and the plan of the examples, and no two plans are chosen.
EXPECTED_STATUS = {
    "my_paper": 404,
    "shared:design-error": 404,
    "import_progress": 204,
    "plan_progress": 204,
    "plan_compare_points": 404,
}
# A page in the middle of a log-in with a second factor, which demo accounts do without.
ELSEWHERE = {
    # Nothing of the demo is filed.
    "core_case": "tests/web/test_core_platform.py",
    # No photos in the demo.
    "case_file": "tests/web/cases/test_window.py",
    # Only where photos can be read, and only for who asked.
    "apply_reading": "tests/web/public/test_photo_reading.py",
    "apply_reading_picture": "tests/web/public/test_photo_reading.py",
    "intake_photo": "tests/web/cases/test_photo.py",
    "intake_photo_picture": "tests/web/cases/test_photo.py",
    # The secret of its link is stored nowhere.
    "case_phone": "tests/web/browser/test_online_hall.py",
    "joint_phone": "tests/web/cases/test_joint.py",
    # Only where a decoder of e-certificates is set up.
    "signin_ecard": "tests/web/test_signin_ecard.py",
    "login_qr": "tests/web/test_login_browser.py",
    # Of a machine, and of whoever holds a ticket.
    "screen": "tests/web/screen/test_live_pages.py",
    "screen_state": "tests/web/screen/test_live_pages.py",
    "training_code": "tests/programme/test_programme_pages.py",
    "screen_board": "tests/web/screen/test_live_pages.py",
    "screen_voice": "tests/web/screen/test_views.py",
    "ticket": "tests/web/screen/test_live_pages.py",
    "ticket_state": "tests/web/screen/test_live_pages.py",
    "kiosk": "tests/web/kiosk/test_kiosk_browser.py",
    "kiosk_groups": "tests/web/kiosk/test_kiosk_browser.py",
    "kiosk_items": "tests/web/kiosk/test_kiosk_browser.py",
    "kiosk_green": "tests/web/kiosk/test_kiosk_browser.py",
    "kiosk_appointment": "tests/web/kiosk/test_kiosk_browser.py",
    "kiosk_scan": "tests/web/kiosk/test_kiosk_browser.py",
    "kiosk_paper": "tests/web/kiosk/test_kiosk.py",
    "kiosk_guides": "tests/web/kiosk/test_guides_browser.py",
    "kiosk_guide_items": "tests/web/kiosk/test_guides_browser.py",
    "kiosk_guide": "tests/web/kiosk/test_guides_browser.py",
    "kiosk_guide_print": "tests/web/kiosk/test_guides_browser.py",
    "kiosk_guide_paper": "tests/web/kiosk/test_guides.py",
    # The secrets of their links are stored nowhere; a pad is a machine.
    **dict.fromkeys(
        ("rate_case", "feedback_order", "kiosk_rate", "pads", "pad"),
        "tests/web/bureau/ratings/test_pages.py",
    ),
    "kiosk_alive": "tests/web/kiosk/test_kiosk.py",
}
# Who opens a page where several roles may: the first of these.
PEOPLE = {
    "county": Role.COUNTY_OFFICER,
    "clerk1": Role.CLERK,
    "city": Role.CITY_OFFICER,
    "secadmin": Role.SECURITY_ADMIN,
    "auditor": Role.AUDITOR,
    "sysadmin": Role.SYSTEM_ADMIN,
}


@dataclass(frozen=True, slots=True)
class Route:
    """An address that answers GET."""

    name: str
    arguments: tuple[str, ...]
    access: Access

    @property
    def user(self) -> str | None:
        """Return the demo account that opens it, None where nobody need log in."""
        if self.access.audience == "open_to_all":
            return None
        if self.access.audience == "insured":
            return INSURED
        if self.access.permission is None:
            return "county"
        may = (u for u, role in PEOPLE.items() if self.access.permission in PERMISSIONS[role])
        return next(may)

    def path(self, city: City) -> str:
        """Return an example address in the city."""
        kwargs = {name: self._example(name, city) for name in self.arguments}
        return reverse(self.name, kwargs=kwargs)

    def _example(self, argument: str, city: City) -> str:
        value = EXAMPLES.get(f"{self.name} {argument}") or EXAMPLES.get(argument)
        assert value, f"{self.name}: give EXAMPLES an example of {argument}"
        return city.one(value) if value.startswith("SELECT ") else value


def all_routes() -> list[Route]:
    """Return every route that answers GET, in the order of the URL configuration."""
    return list(_below(get_resolver(), "", ()))


def _below(resolver: URLResolver, namespace: str, outer: tuple[str, ...]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        arguments = (*outer, *entry.pattern.regex.groupindex)
        if isinstance(entry, URLResolver) and entry.namespace == "api":
            continue  # no pages but one, see tests/api/test_documentation.py
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _below(entry, inner, arguments)
            continue
        name = f"{namespace}{entry.name}"
        reading = [one for one in accesses_of(entry.callback) if one.mode != "writes"]
        if reading and name not in ELSEWHERE:
            yield Route(name, arguments, reading[0])
