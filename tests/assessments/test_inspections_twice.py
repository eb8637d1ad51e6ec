"""Two posts of one submission at once: one is taken in, both get the same receipt."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone
from tests import factories
from tests.assessments.inspecting import (
    a_complete_site,
    as_the_ledger,
    planned,
    signed,
    third_party,
)

from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.assessments.inspection_models import InspectionSubmission
from circle15.assessments.inspections.handing_in import submit
from circle15.assessments.inspections.packs import take

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_of_two_at_once_is_taken_in():
    at = timezone.now()
    a_complete_site()
    user = third_party()
    planned(factories.actor_for(factories.city_officer(), at=at), user, at=at)
    by = factories.actor_for(user, at=at)
    check = take(by=by, at=at)["checks"][0]
    body = json.dumps(signed(check["uid"], as_the_ledger(check))).encode()
    start = Barrier(2, timeout=20)

    def post():
        start.wait()
        try:
            return submit(body, by=by, at=timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        receipts = {job.result() for job in [pool.submit(post), pool.submit(post)]}

    assert len(receipts) == 1
    with area_scope(EVERYWHERE):
        assert InspectionSubmission.objects.count() == 1
