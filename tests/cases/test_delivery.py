"""From the decision to the result in hand: at any window, by post, online; signed for."""

from io import BytesIO

import pytest
from PIL import Image, ImageDraw
from tests.cases.conftest import fresh
from tests.factories import AT

from circle15.accounts.refusals import NotFound
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases import queries
from circle15.cases.actions import deciding, delivery, handling
from circle15.cases.actions.signing import sign_intake
from circle15.cases.models import Case, Delivery
from circle15.cases.refusals import (
    AlreadySigned,
    EmptySignature,
    NeedsTracking,
    NotAuthorised,
    NotYours,
    WrongState,
)
from circle15.core.ciphers import sm3
from circle15.items.queries import version_on


def signature(*, drawn: bool = True) -> bytes:
    out = BytesIO()
    image = Image.new("L", (240, 80), 255)
    if drawn:
        ImageDraw.Draw(image).line([(20, 60), (90, 15), (120, 65), (220, 30)], width=4)
    image.save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def uid(place):
    """A decided case whose result is ready."""
    uid = place.take_in(item="accident").uid
    place.do("handler", handling.claim, case_uid=uid)
    place.do("handler", deciding.decide, case_uid=uid, outcome="approved")
    place.do("handler", delivery.ready, case_uid=uid)
    return uid


def last_delivery(uid) -> Delivery:
    with area_scope(EVERYWHERE):
        return Delivery.objects.get(case__uid=uid)


def test_a_result_is_handed_out_where_it_was_taken_in_and_signed_for(place, uid):
    assert fresh(uid).result_number == f"{fresh(uid).number}-R"
    place.do("alice", delivery.deliver, case_uid=uid, way="window")
    done = place.do("alice", delivery.sign_receipt, case_uid=uid, signature=signature())
    row = last_delivery(uid)
    assert (done.state, row.site_name, row.signed_by) == ("closed", "汇龙镇医保服务站", "张**")
    view = place.look("alice", queries.case, uid, on=AT.date())
    assert [(each.of, each.signer) for each in view.signatures] == [("result", "张**")]
    stored = place.look("alice", queries.file_content, view.signatures[0].file_uid)
    assert sm3(stored.content).hex() == view.signatures[0].sm3
    assert [(file.purpose, file.media_type) for file in view.files] == [("signature", "image/png")]


@pytest.mark.parametrize("picture", [b"", b"x", signature(drawn=False)])
def test_what_is_no_signature_is_not_taken_for_one(place, uid, picture):
    place.do("alice", delivery.deliver, case_uid=uid, way="window")
    with pytest.raises(EmptySignature):
        place.do("alice", delivery.sign_receipt, case_uid=uid, signature=picture)


def test_the_receipt_of_intake_is_signed_once(place, uid):
    by_hand = {"case_uid": uid, "picture": signature()}
    with pytest.raises(NotFound):
        place.do("dave", sign_intake, **by_hand)
    row = place.do("alice", sign_intake, **by_hand)
    assert (row.of, row.signer, row.number) == ("intake", "张**", fresh(uid).number)
    with pytest.raises(AlreadySigned):
        place.do("alice", sign_intake, **by_hand)


def test_any_authorised_window_hands_it_out_against_the_receipt(place, uid):
    secret = place.look("alice", queries.receipt, uid).secret
    there = {"way": "window", "site_code": "RG-0001"}
    with pytest.raises(NotFound):
        place.do("dave", delivery.deliver, case_uid=uid, **there)
    with pytest.raises(NotFound):
        place.do("dave", delivery.deliver, case_uid=uid, receipt="0" * 32, **there)
    done = place.do("dave", delivery.deliver, case_uid=uid, receipt=secret, **there)
    assert (done.state, last_delivery(uid).site_name) == ("delivered", "东陈镇医保服务站")
    assert place.do("dave", delivery.sign_receipt, case_uid=uid, receipt=secret).state == "closed"


def test_a_window_without_the_item_does_not_hand_it_out(place):
    uid = place.take_in("hall", item="own-record", site_code="QD-0000").uid
    place.do("hall", handling.claim, case_uid=uid)
    place.do("hall", deciding.decide, case_uid=uid, outcome="approved")
    place.do("hall", delivery.ready, case_uid=uid)
    other = version_on("employer-record", AT.date())
    with area_scope(EVERYWHERE):
        Case.objects.filter(uid=uid).update(item_version_id=other)
    secret = place.look("hall", queries.receipt, uid).secret
    with pytest.raises(NotAuthorised):
        place.do(
            "village",
            delivery.deliver,
            case_uid=uid,
            way="window",
            site_code=place.village_code,
            receipt=secret,
        )


@pytest.mark.parametrize("number", ["", "1234567", "SF 12345678", "单号12345678", "1" * 41])
def test_what_goes_by_post_has_a_tracking_number(place, uid, number):
    with pytest.raises(NeedsTracking):
        place.do("handler", delivery.deliver, case_uid=uid, way="post", tracking=number)
    place.do("handler", delivery.deliver, case_uid=uid, way="post", tracking=" SF12345678 ")
    assert last_delivery(uid).tracking == "SF12345678"


def test_the_person_signs_for_what_came_online(place, uid):
    place.do("handler", delivery.deliver, case_uid=uid, way="online")
    assert place.at_home(delivery.sign_receipt, case_uid=uid).state == "closed"
    with pytest.raises(WrongState):
        place.at_home(delivery.withdraw, case_uid=uid)


def test_nobody_hands_a_result_to_themselves(place, uid):
    with pytest.raises(NotYours):
        place.at_home(delivery.deliver, case_uid=uid, way="online")


def test_an_instant_item_with_four_eyes_stops_for_the_second_pair(place):
    line = place.take_in("hall", item="contribution-years", site_code="QD-0000")
    done = place.do("carol", deciding.finish_at_window, case_uid=line.uid)
    assert done.state == "review"
