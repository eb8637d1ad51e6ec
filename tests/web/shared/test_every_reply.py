"""What wraps every reply: numbers, headers, cookies of look and language, pages of refusal."""

import re

import pytest
from django.db import OperationalError
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
)
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from circle15.web.shared import errors, middleware

pytestmark = [pytest.mark.urls("tests.web.shared.alone"), pytest.mark.django_db]

BROWSER = {"Accept": "text/html"}


def test_every_reply_has_the_strict_headers(client: Client) -> None:
    for path in ("/design/", "/nowhere/", "/static/shared/icon.svg"):
        reply = client.get(path)
        reply.close()
        headers = reply.headers
        assert {name: headers[name] for name in middleware.HEADERS} == middleware.HEADERS


def test_policy_allows_nothing_inline() -> None:
    assert "unsafe" not in middleware.CONTENT_SECURITY_POLICY
    assert "http" not in middleware.CONTENT_SECURITY_POLICY


@pytest.mark.parametrize(
    ("given", "kept"),
    [("abc-12345", True), ("short", False), ("x" * 65, False), ("a\nbcdefgh", False)],
)
def test_request_number_is_kept_only_when_well_formed(given: str, kept: bool) -> None:
    request = RequestFactory().get("/", headers={"X-Request-ID": given})

    reply = middleware.RequestIdMiddleware(lambda _: HttpResponse())(request)

    assert (reply["X-Request-ID"] == given) is kept
    assert re.fullmatch(r"[0-9A-Za-z-]{8,64}", reply["X-Request-ID"])


def test_browser_language_is_not_asked(client: Client) -> None:
    reply = client.get("/design/", headers={"Accept-Language": "en"})

    assert '<html lang="zh-CN"' in reply.text


@pytest.mark.parametrize(
    ("cookie", "value", "written"),
    [
        ("circle15-mode", "elder", 'data-mode="elder"'),
        ("circle15-mode", "shouting", 'data-mode="normal"'),
        ("circle15-language", "en", 'lang="en"'),
        ("circle15-language", "xx", 'lang="zh-CN"'),
    ],
)
def test_cookies_choose_look_and_language(
    client: Client, cookie: str, value: str, written: str
) -> None:
    client.cookies[cookie] = value

    assert written in client.get("/design/").text


def test_preferences_are_kept_a_year(client: Client) -> None:
    reply = client.post("/preferences/", {"mode": "elder", "next": "/design/?page=2"})

    assert (reply.status_code, reply["Location"]) == (302, "/design/?page=2")
    assert reply.cookies["circle15-mode"]["max-age"] == 365 * 24 * 3600


def test_preferences_send_nobody_elsewhere(client: Client) -> None:
    reply = client.post("/preferences/", {"mode": "", "next": "//elsewhere.example/"})

    assert reply["Location"] == "/"
    assert reply.cookies["circle15-mode"].value == ""


def test_empty_refusal_gets_its_page_for_a_reader(client: Client) -> None:
    reply = client.get("/preferences/", headers=BROWSER)

    assert reply.status_code == 405
    assert reply["Allow"] == "POST"
    assert "不能这样访问" in reply.text


def test_empty_refusal_stays_empty_for_a_script(client: Client) -> None:
    assert client.get("/preferences/", headers={"Accept": "application/json"}).text == ""


def test_refusal_with_words_keeps_them() -> None:
    request = RequestFactory().get("/", headers=BROWSER)
    said = HttpResponseNotAllowed(["POST"], b"own words")

    assert errors.with_words(request, said) is said


@pytest.mark.parametrize("status", errors.WORDS)
def test_error_page_says_what_and_gives_the_number(status: int) -> None:
    request = RequestFactory().get("/")
    request.request_id = "number-of-request"

    reply = errors.page(request, status)

    assert reply.status_code == status
    assert str(errors.WORDS[status][0]) in reply.text
    assert "number-of-request" in reply.text
    assert ("Retry-After" in reply.headers) is (status in {429, 503})


@pytest.mark.parametrize(
    ("raised", "status"), [(OperationalError("gone"), 503), (ValueError("bug"), 500)]
)
def test_server_error_tells_an_absent_database_from_a_fault(
    raised: Exception, status: int, django_assert_num_queries: object
) -> None:
    try:
        raise raised
    except (OperationalError, ValueError):
        with django_assert_num_queries(0):  # type: ignore[operator]
            reply = errors.server_error(RequestFactory().get("/"))

    assert reply.status_code == status


def test_refused_page_shows_the_message() -> None:
    request: HttpRequest = RequestFactory().get("/")

    assert "先选站点" in render_to_string("shared/refused.html", {"message": "先选站点"}, request)
