"""The page of one's own tokens."""

import pytest
from tests import factories
from tests.api.callers import Program
from tests.factories import logged_in

from circle15.accounts.models import ApiToken

pytestmark = pytest.mark.django_db


def test_token_is_shown_once_works_and_ends():
    browser = logged_in(factories.alice())

    made = browser.post("/tokens/", {"name": "排队机对接", "days": 30}).context["token"]

    assert Program(made.text).get("/me").json()["role"] == "clerk"
    page = browser.get("/tokens/").content.decode()
    assert ("排队机对接" in page, made.text in page) == (True, False)
    assert browser.post(f"/tokens/{made.uid}/revoke/").status_code == 302
    assert Program(made.text).get("/me").status_code == 401


def test_somebody_elses_token_is_not_found():
    logged_in(factories.alice()).post("/tokens/", {"name": "x", "days": 30})
    uid = ApiToken.objects.get().uid

    assert logged_in(factories.bob()).post(f"/tokens/{uid}/revoke/").status_code == 404


@pytest.mark.parametrize("form", [{"name": "", "days": 30}, {"name": "x", "days": 9999}])
def test_wrong_form_makes_no_token(form):
    browser = logged_in(factories.alice())

    assert browser.post("/tokens/", form).status_code == 422
    assert ApiToken.objects.count() == 0
