"""Error pages with a request number. They need no database, session or signed-in person."""

import sys
from typing import Final

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TRY_AGAIN_S = 30

WORDS: Final[dict[int, tuple[Promise, Promise]]] = {
    400: (_("请求有误"), _("系统看不懂这次提交的内容。请返回上一页，刷新后重新填写。")),
    403: (_("没有权限"), _("您的账号不能做这件事。如工作需要，请联系本单位管理员开通。")),
    404: (_("没有找到"), _("网址可能有误，或者内容已移走。请从首页重新进入，或用搜索查找。")),
    405: (_("不能这样访问"), _("这个地址不能直接打开。请返回上一页，用页面上的按钮操作。")),
    409: (_("内容已变化"), _("刚才有人先改了这项内容。请刷新页面，核对后再提交。")),
    413: (_("文件太大"), _("单个文件请不超过 10 MB。照片可先压缩，或分几次上传。")),
    429: (_("操作太频繁"), _("请稍等片刻再试。已填写的内容不会因此丢失。")),
    500: (_("系统出错了"), _("问题已自动记录。请稍后再试；仍不行时，请把下面的编号告诉我们。")),
    503: (_("暂时无法服务"), _("系统正在维护或恢复中，请稍后再试。已办成的业务不受影响。")),
}


def page(request: HttpRequest, status: int, *, detail: str = "") -> HttpResponse:
    """Draw the page of a refusal; `detail` says in Chinese what happened and what to do."""
    title, words = WORDS[status]
    context = {
        "status": status,
        "error_title": title,
        "error_words": detail or words,
        "retry": status in {429, 500, 503},
    }
    body = render_to_string("shared/error.html", context, request=request)
    response = HttpResponse(body, status=status)
    if status in {429, 503}:
        response.headers["Retry-After"] = str(TRY_AGAIN_S)
    return response


def with_words(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Give an empty refusal its page, where a person is reading; the headers are kept."""
    wants_html = "text/html" in request.headers.get("Accept", "")
    empty = not response.streaming and not response.content
    if response.status_code not in WORDS or not wants_html or not empty:
        return response
    drawn = page(request, response.status_code)
    for name, value in response.headers.items():
        if name not in {"Content-Type", "Content-Length"}:
            drawn.headers[name] = value
    return drawn


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    too_big = isinstance(exception, RequestDataTooBig | TooManyFilesSent)
    return page(request, 413 if too_big else 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 403, detail=str(exception))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 -- Django's signature; its words are for developers
    return page(request, 404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 -- Django's signature; its words are for developers
    detail = str(_("页面停留太久或浏览器禁用了 Cookie。请返回上一页，刷新后重新提交。"))
    return page(request, 403, detail=detail)


def server_error(request: HttpRequest) -> HttpResponse:
    """Draw 503 when the database is away, else 500. Called while the exception is handled."""
    database_away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    return page(request, 503 if database_away else 500)
