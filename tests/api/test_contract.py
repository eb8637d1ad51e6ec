"""The API keeps what its description promises, whatever it is asked: found by fuzzing.

A few hundred cases here; `make prove` asks ten thousand.
"""

import os
from collections.abc import Iterator
from functools import cache
from uuid import uuid4

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests import factories
from tests.api.callers import Hall, open_hall

from circle15.api.documentation import document

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CASES = int(os.environ.get("CIRCLE15_CONTRACT_CASES", "4"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@cache
def handler():
    """Build the application when the first test asks, not when tests are collected."""
    return get_wsgi_application()


def application(environ, start_response):
    """Serve inside the test's transaction: the end of a request must not close the connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        response = handler()({"REMOTE_ADDR": "127.0.0.1", **environ}, start_response)
        body = b"".join(response)
        response.close()
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
    return [body]


CONFIG = schemathesis.Config.from_dict({"phases": {"coverage": {"enabled": CASES > 50}}})
schema = schemathesis.openapi.from_dict(document(), config=CONFIG)
schema.app = application


@pytest.fixture(scope="module")
def hall(django_db_setup, django_db_blocker) -> Iterator[Hall]:
    """Open one hall for all operations: what one leaves behind the next one finds."""
    with django_db_blocker.unblock(), transaction.atomic():
        factories.catalogue()
        yield open_hall()
        transaction.set_rollback(True)


@schema.parametrize()
@settings(
    max_examples=CASES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_answers_are_as_described(case, hall):
    """Ask as the clerk, with real numbers of windows and tickets every other time."""
    case.headers = {
        **(case.headers or {}),
        "Authorization": f"Bearer {hall.alice.token}",
        "Idempotency-Key": str(uuid4()),
    }
    if len(str((case.path_parameters or {}).get("window_id", ""))) % 2:
        case.path_parameters["window_id"] = hall.windows[0]

    case.call_and_validate(checks=CHECKS)
