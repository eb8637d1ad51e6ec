"""A case of elsewhere and one that is nowhere: the same answer (the time: tests/web/matrix)."""

from uuid import uuid4

import pytest
from django.urls import reverse
from tests import factories

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.cases.models import Case
from circle15.web.shared.once import new_key

pytestmark = pytest.mark.django_db


def test_a_foreign_case_is_answered_like_none(alice, person):
    wish = {"person": person.uid, "item": "own-record", "mode": "ordinary", "once": new_key()}
    alice.post(reverse("intake_open"), wish)
    with area_scope(EVERYWHERE):
        foreign = Case.objects.get().uid
    dave = factories.logged_in(factories.dave())

    statuses = [dave.get(reverse("case", args=[uid])).status_code for uid in (foreign, uuid4())]

    assert statuses == [404, 404]
