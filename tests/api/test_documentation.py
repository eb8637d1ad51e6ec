"""The API's description: committed, complete, readable without anybody else's scripts."""

import json
from pathlib import Path

import pytest
from django.test import Client

from circle15.api.documentation import as_text, document
from circle15.api.urls import urlpatterns
from circle15.web.shared.access import accesses_of

COMMITTED = Path(__file__).resolve().parents[2] / "docs" / "openapi.json"


def _operations():
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_committed_document_is_current():
    told = "write it again: tools/write_openapi.py"
    assert COMMITTED.read_text(encoding="utf-8") == as_text(), told


def test_served_document_is_the_committed_one(client: Client):
    assert client.get("/api/v1/openapi.json").json() == json.loads(as_text())


def test_every_operation_is_described_with_examples():
    lacking = [
        path
        for path, _method, operation in _operations()
        if not (operation.get("summary") and operation.get("description"))
    ]
    without_example = [
        name
        for name, schema in document()["components"]["schemas"].items()
        if schema.get("title", "").endswith("In") and "example" not in schema
    ]

    assert (lacking, without_example) == ([], [])


def test_every_post_asks_for_a_key_and_tells_its_refusals():
    for path, method, operation in _operations():
        named = {one["name"] for one in operation["parameters"]}
        assert ("Idempotency-Key" in named) == (method == "post"), path
        assert {"404", "422"} <= operation["responses"].keys(), path


def test_every_address_declares_who_may():
    for pattern in urlpatterns:
        assert all(access.is_declared for access in accesses_of(pattern.callback)), pattern


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_page_needs_nobody_elses_scripts(client: Client, language):
    client.cookies["circle15-language"] = language

    page = client.get("/api/v1/docs").content.decode()

    assert "Idempotency-Key" in page
    assert "nobody_waiting" in page
    assert "//cdn" not in page
    assert "<script>" not in page
