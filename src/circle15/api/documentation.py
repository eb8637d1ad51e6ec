"""The API described: as OpenAPI document, and as a page without anybody else's scripts."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from circle15.api import problems
from circle15.api.doing import KEY_HEADER, REPLAYED_HEADER, open_page
from circle15.api.service import api

PREFIX = "/api/v1"
EXAMPLE_KEY = "5f1c0c3e-2f86-4a59-8a5e-2b1a7c1d9e10"
_REASONS: Mapping[int, str] = {
    400: "No Idempotency-Key, or a body that is not JSON",
    401: "No token, or one that is no longer good",
    403: "The caller's post does not permit this",
    404: "No such thing in the caller's area",
    409: "Not possible now; `code` says why (nobody_waiting, window_busy, already_taken …)",
    413: "More than 1 MB",
    422: "Something in the request is wrong; `errors` names all of it",
    429: "Too many requests without a token from one address; see Retry-After",
}
_PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "RFC 9457 problem details; `code` never changes, the words do.",
    "type": "object",
    "required": ["type", "title", "status", "code", "detail", "instance", "request_id"],
    "properties": {
        **{
            name: {"type": "string"}
            for name in ("type", "title", "code", "detail", "instance", "request_id")
        },
        "status": {"type": "integer"},
        "offered": {
            "description": "With `slot_full`: the times nearby that are still free",
            "type": "array",
            "items": {"type": "string", "format": "date-time"},
        },
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["where", "code", "message"],
                "properties": {name: {"type": "string"} for name in ("where", "code", "message")},
            },
        },
    },
    "example": {
        "type": f"{problems.TYPE}nobody_waiting",
        "title": "现在不能这样做",
        "status": 409,
        "code": "nobody_waiting",
        "detail": "现在没有您可以叫的号，有人取号后再叫。",
        "instance": "/api/v1/windows/17/call-next",
        "request_id": "9f2c41d07a6b4e15",
    },
}
_KEY = {
    "name": KEY_HEADER,
    "in": "header",
    "required": True,
    "description": "New for each thing to be done; sent again with it, the answer is the same "
    "and nothing is done twice. Kept for 24 hours.",
    "schema": {"type": "string", "pattern": "^[!-~]{8,64}$"},
    "example": EXAMPLE_KEY,
}
_LANGUAGE = {
    "name": "Accept-Language",
    "in": "header",
    "required": False,
    "description": "`en` for English words; Chinese otherwise.",
    "schema": {"type": "string", "enum": ["zh", "en"]},
}


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI document."""
    schema: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix=PREFIX)))
    schema["components"]["schemas"]["Problem"] = _PROBLEM
    schema["servers"] = [{"url": "/"}]
    for method, operation in _operations(schema):
        _complete(method, operation)
    return schema


def as_text() -> str:
    """Return the document as it is committed and served."""
    return json.dumps(document(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


@open_page
def openapi(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 -- Django's signature
    return HttpResponse(as_text(), content_type="application/json; charset=utf-8")


@open_page
def page(request: HttpRequest) -> HttpResponse:
    schema = document()
    context = {
        "subjects": _subjects(schema),
        "refusals": _refusals(),
        "reasons": sorted(_REASONS.items()),
        "key_header": KEY_HEADER,
        "replayed_header": REPLAYED_HEADER,
        "example_key": EXAMPLE_KEY,
    }
    return render(request, "api/docs.html", context)


def _operations(schema: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for methods in schema["paths"].values():
        yield from methods.items()


def _complete(method: str, operation: dict[str, Any]) -> None:
    parameters = operation.setdefault("parameters", [])
    for one in parameters:
        examples = one.pop("examples", None)  # a list is a schema's, not a parameter's
        one.update({"example": examples[0]} if examples else {})
    is_open = "security" not in operation
    statuses = {404, 422, 429 if is_open else 401, *(() if is_open else (403,))}
    if method == "post":
        parameters.append(_KEY)
        statuses |= {400, 409, 413}
    parameters.append(_LANGUAGE)
    for status in sorted(statuses):
        operation["responses"][str(status)] = {
            "description": _REASONS[status],
            "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }


def _subjects(schema: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return what the page shows, by subject."""
    subjects: dict[str, list[dict[str, Any]]] = {}
    for address, methods in schema["paths"].items():
        for method, operation in methods.items():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json")
            answer = operation["responses"]["200"]["content"]["application/json"]
            subjects.setdefault(operation["tags"][0], []).append(
                {
                    "id": operation["operationId"],
                    "method": method.upper(),
                    "parts": address.strip("/").split("/"),
                    "summary": operation["summary"],
                    "description": operation.get("description", ""),
                    "is_open": "security" not in operation,
                    "parameters": operation["parameters"],
                    "body": _shown(schema, body["schema"]) if body else "",
                    "answer": _shown(schema, answer["schema"]),
                }
            )
    return subjects


def _shown(schema: Mapping[str, Any], part: Mapping[str, Any]) -> str:
    return json.dumps(_example(schema, part), ensure_ascii=False, indent=2)


def _example(schema: Mapping[str, Any], part: Mapping[str, Any]) -> object:
    """Return an example of a part of the document: its own, or made of those inside it."""
    shown: object
    match part:
        case {"$ref": address}:
            name = address.rpartition("/")[2]
            shown = _example(schema, schema["components"]["schemas"][name])
        case {"example": shown} | {"examples": [shown, *_]}:
            pass
        case {"anyOf": [first, *_]}:
            shown = _example(schema, first)
        case {"type": "array", "items": items}:
            shown = [_example(schema, items)]
        case {"type": "object", "properties": fields}:
            shown = {name: _example(schema, one) for name, one in fields.items()}
        case _:
            shown = _OF_TYPE.get(part.get("format", part.get("type", "")), "…")
    return shown


_OF_TYPE: Mapping[str, object] = {
    "integer": 1,
    "boolean": True,
    "date-time": "2026-03-02T09:00:00+08:00",
    "date": "2026-03-02",
}


def _refusals() -> list[tuple[str, int]]:
    """Return every code with its status."""
    found = {(problems.code_of(kind), problems.status_of(kind)) for kind in problems.kinds()}
    return sorted(found, key=lambda one: (one[1], one[0]))
