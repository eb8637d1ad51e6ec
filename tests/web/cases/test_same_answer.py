"""A case of elsewhere and one that is nowhere: the same answer in the same time."""

import time
from uuid import uuid4

import pytest
from django.urls import reverse
from tests import factories

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases.models import Case
from circle15.web.shared.once import new_key

pytestmark = pytest.mark.django_db
ASKED, PROMISED_S = 10, 0.020


def test_a_foreign_case_is_answered_like_none(alice, person):
    wish = {"person": person.uid, "item": "own-record", "mode": "ordinary", "once": new_key()}
    alice.post(reverse("intake_open"), wish)
    with area_scope(EVERYWHERE):
        foreign = Case.objects.get().uid
    dave, took, said = factories.logged_in(factories.dave()), {True: [], False: []}, set()
    for turn in range(2 * ASKED):
        is_there = turn % 2 == 0
        address = reverse("case", args=[foreign if is_there else uuid4()])
        began = time.perf_counter()
        reply = dave.get(address)
        took[is_there].append(time.perf_counter() - began)
        said.add((reply.status_code, reply.content.decode().replace(address, "")))
    assert {status for status, _page in said} == {404}
    # The quickest of many: what else the machine does only ever makes an answer slower.
    assert abs(min(took[True]) - min(took[False])) < PROMISED_S
