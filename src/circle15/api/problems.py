"""Answers that say no: RFC 9457 problem details with a code that does not change."""

import json
import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from circle15.accounts.api_tokens import TokenRefused
from circle15.accounts.devices import DeviceRefused
from circle15.accounts.once import OtherContents
from circle15.accounts.rates import TooOften
from circle15.accounts.refusals import NotAllowed, NotFound, Refused
from circle15.accounts.registering import CodeRefused, TooManyGuesses
from circle15.cases import refusals as case_refusals
from circle15.cases.actions.agents import NameDiffers, NameWanted
from circle15.cases.partners.addresses import AddressNotAllowed
from circle15.cases.partners.opening import ChannelDiffers, OrganisationDiffers
from circle15.cases.partners.webhooks import HookExists, NeedsToken, TooManyHooks, WeakSecret
from circle15.hall import refusals as hall_refusals
from circle15.hall.appointments import refusals as booking_refusals
from circle15.items.queries import NoCatalogue
from circle15.ledger.people.entering import UnusablePerson
from circle15.ledger.people.numbers import BadNumber
from circle15.ratings import refusals as rating_refusals

MEDIA_TYPE = "application/problem+json"
TYPE = "urn:circle15:problem:"
RETRY_S = 5


class Unauthenticated(Refused):
    def __init__(self) -> None:
        super().__init__(_("请带上接口令牌或设备凭证（Authorization: Bearer …）。"))


class KeyMissing(Refused):
    def __init__(self) -> None:
        super().__init__(
            _("每次 POST 都要带 Idempotency-Key 请求头：8 至 64 个可见字符，每件事换一个。")
        )


class CsrfFailed(Refused):
    def __init__(self) -> None:
        super().__init__(_("用浏览器登录状态调用接口时，要带 X-CSRFToken 请求头。"))


class Malformed(Refused):
    def __init__(self) -> None:
        super().__init__(_("请求正文不是有效的 JSON 对象。"))


class TooLarge(Refused):
    def __init__(self) -> None:
        super().__init__(_("请求正文请不超过 1 MB。"))


class MethodNotAllowed(Refused):
    def __init__(self) -> None:
        super().__init__(_("这个地址不支持这种请求方法。"))


class BadFile(Refused):
    """A photo or PDF that may not come in; the message says why."""


_STATUS: Mapping[type[Refused], int] = {
    NotFound: HTTPStatus.NOT_FOUND,
    NoCatalogue: HTTPStatus.NOT_FOUND,
    CsrfFailed: HTTPStatus.FORBIDDEN,
    NotAllowed: HTTPStatus.FORBIDDEN,
    Unauthenticated: HTTPStatus.UNAUTHORIZED,
    DeviceRefused: HTTPStatus.UNAUTHORIZED,
    TokenRefused: HTTPStatus.UNAUTHORIZED,
    KeyMissing: HTTPStatus.BAD_REQUEST,
    Malformed: HTTPStatus.BAD_REQUEST,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    MethodNotAllowed: HTTPStatus.METHOD_NOT_ALLOWED,
    OtherContents: HTTPStatus.UNPROCESSABLE_ENTITY,
    BadFile: HTTPStatus.UNPROCESSABLE_ENTITY,
    UnusablePerson: HTTPStatus.UNPROCESSABLE_ENTITY,
    BadNumber: HTTPStatus.UNPROCESSABLE_ENTITY,
    case_refusals.SourceMissing: HTTPStatus.UNPROCESSABLE_ENTITY,
    case_refusals.LookedUpAhead: HTTPStatus.UNPROCESSABLE_ENTITY,
    rating_refusals.NeedsWhy: HTTPStatus.UNPROCESSABLE_ENTITY,
    rating_refusals.UnusableRating: HTTPStatus.UNPROCESSABLE_ENTITY,
    TooOften: HTTPStatus.TOO_MANY_REQUESTS,
    TooManyGuesses: HTTPStatus.TOO_MANY_REQUESTS,
}
TITLES: Mapping[int, str | Promise] = {
    400: gettext_lazy("请求有误"),
    401: gettext_lazy("需要凭证"),
    403: gettext_lazy("没有权限"),
    404: gettext_lazy("没有找到"),
    405: gettext_lazy("方法不支持"),
    409: gettext_lazy("现在不能这样做"),
    413: gettext_lazy("内容太大"),
    422: gettext_lazy("填写有误"),
    429: gettext_lazy("操作太频繁"),
    500: gettext_lazy("系统出错了"),
    503: gettext_lazy("暂时无法服务"),
}
# What pydantic calls a mistake, in words; the rest is answered by the last line.
_MISTAKES: Mapping[str, str | Promise] = {
    "missing": gettext_lazy("必须填写"),
    "extra_forbidden": gettext_lazy("没有这个字段"),
    "string_type": gettext_lazy("应为文字"),
    "string_too_short": gettext_lazy("太短"),
    "string_too_long": gettext_lazy("太长"),
    "string_pattern_mismatch": gettext_lazy("含不允许的字符"),
    "int_type": gettext_lazy("应为整数"),
    "int_parsing": gettext_lazy("应为整数"),
    "int_from_float": gettext_lazy("应为整数"),
    "bool_type": gettext_lazy("应为 true 或 false"),
    "bool_parsing": gettext_lazy("应为 true 或 false"),
    "greater_than_equal": gettext_lazy("太小"),
    "less_than_equal": gettext_lazy("太大"),
    "uuid_type": gettext_lazy("应为 UUID"),
    "uuid_parsing": gettext_lazy("应为 UUID"),
    "list_type": gettext_lazy("应为列表"),
    "too_long": gettext_lazy("条目太多"),
    "literal_error": gettext_lazy("不在可选的值之内"),
    "enum": gettext_lazy("不在可选的值之内"),
    "resident_id": gettext_lazy("身份证号不正确，请核对"),
    "date_from_datetime_parsing": gettext_lazy("应为日期，例如 2026-03-01"),
    "timezone_aware": gettext_lazy("时间要带时区，例如 2026-03-01T09:00:00+08:00"),
}
_ANY_MISTAKE = gettext_lazy("填写有误")
_OF_PARTNERS: tuple[type[Refused], ...] = (
    NameDiffers,
    NameWanted,
    OrganisationDiffers,
    ChannelDiffers,
    AddressNotAllowed,
    TooManyHooks,
    HookExists,
    NeedsToken,
    WeakSecret,
)
_WORD_START = re.compile(r"(?<!^)(?=[A-Z])")


def code_of(refusal: type[Refused]) -> str:
    """Return the code of a refusal: its name in small letters (`nobody_waiting`)."""
    return _WORD_START.sub("_", refusal.__name__).lower()


def status_of(refusal: type[Refused]) -> int:
    """Return the status of a refusal; subclasses share the one of their kind, others have 409."""
    return next((_STATUS[kind] for kind in refusal.__mro__ if kind in _STATUS), 409)


def kinds() -> list[type[Refused]]:
    """Return every kind of refusal an operation may answer with."""
    own: list[type[Refused]] = [CodeRefused, *_STATUS]
    named = [*vars(hall_refusals).values(), *vars(booking_refusals).values()]
    named += [*vars(case_refusals).values(), *vars(rating_refusals).values(), *_OF_PARTNERS]
    of_rooms = (one for one in named if isinstance(one, type) and issubclass(one, Refused))
    return [*own, *(one for one in of_rooms if one is not Refused)]


def of(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Answer a refusal."""
    kind = type(refusal)
    status = status_of(kind)
    more = {}
    if isinstance(refusal, booking_refusals.SlotFull) and refusal.offered:
        more["offered"] = [each.isoformat() for each in refusal.offered]
    response = problem(request, status, code_of(kind), str(refusal), **more)
    if isinstance(refusal, TooOften):
        response.headers["Retry-After"] = str(refusal.wait_s)
    elif isinstance(refusal, TooManyGuesses):
        response.headers["Retry-After"] = "3600"
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def invalid(request: HttpRequest, mistakes: Iterable[Mapping[str, Any]]) -> HttpResponse:
    """Answer input that is not as described, with everything that is wrong at once."""
    errors = [
        {
            "where": ".".join(str(part) for part in _place(mistake)),
            "code": mistake["type"],
            "message": str(_MISTAKES.get(mistake["type"], _ANY_MISTAKE)),
        }
        for mistake in mistakes
    ]
    detail = _("有 %(count)s 处填写有误，请逐一改正。") % {"count": len(errors)}
    return problem(request, 422, "invalid_input", detail, errors=errors)


def _place(mistake: Mapping[str, Any]) -> list[object]:
    """Leave out what the program calls the body; what is wrong stands in `body.lane`."""
    kind, *rest = mistake["loc"]
    return [kind, *rest[1:]] if kind == "body" and len(rest) > 1 else [kind, *rest]


def failed(request: HttpRequest, *, is_away: bool) -> HttpResponse:
    """Answer a fault of our own: nothing of it is told, the request's number finds it."""
    if is_away:
        detail = _("系统正在维护或恢复中，请稍后用同一个 Idempotency-Key 重试。")
        response = problem(request, 503, "unavailable", detail)
        response.headers["Retry-After"] = str(RETRY_S)
        return response
    detail = _("问题已自动记录。可用同一个 Idempotency-Key 重试；仍不行时请告诉我们请求编号。")
    return problem(request, 500, "internal_error", detail)


def problem(
    request: HttpRequest, status: int, code: str, detail: str, **more: object
) -> HttpResponse:
    values = {
        "type": TYPE + code,
        "title": str(TITLES.get(status, status)),
        "status": status,
        "code": code,
        "detail": detail,
        "instance": request.path,
        "request_id": getattr(request, "request_id", ""),
        **more,
    }
    body = json.dumps(values, ensure_ascii=False).encode()
    return HttpResponse(body, status=status, content_type=MEDIA_TYPE)
