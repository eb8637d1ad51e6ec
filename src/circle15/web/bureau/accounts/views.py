"""Accounts and posts: list, open, close, second factor, waiting time, posts, access matrix."""

from http import HTTPStatus

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from circle15.accounts import actions, queries
from circle15.accounts.actors import Actor
from circle15.accounts.opening import (
    BadUsername,
    NewAccount,
    NewPerson,
    NewPost,
    UsernameTaken,
    WeakPassword,
)
from circle15.accounts.queries import Choice
from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.states import Permission
from circle15.areas import queries as areas
from circle15.ledger.people import reveal_alarms
from circle15.sites import queries as sites
from circle15.web.bureau.accounts import matrix
from circle15.web.bureau.accounts.forms import AccountForm, EndPostForm, NewPasswordForm, PostForm
from circle15.web.shared.access import StaffRequest, reads, requires, writes

# Which field a refusal belongs to; others stand above the form.
_FIELD_OF: dict[type[Refused], str] = {
    BadUsername: "username",
    UsernameTaken: "username",
    WeakPassword: "password",
}


@reads
@requires(Permission.VIEW_ACCOUNTS)
def account_list(request: StaffRequest) -> HttpResponse:
    search = request.GET.get("q", "").strip()
    page = queries.staff_accounts(
        actor=request.actor, search=search, page=request.GET.get("page", "1")
    )
    alarms = reveal_alarms.alarms(request.actor)
    context = {"page": page, "search": search, "alarms": alarms}
    return render(request, "accounts/list.html", context)


@writes
@requires(Permission.MANAGE_ACCOUNTS)
def look_into_alarm(request: StaffRequest, alarm_id: int) -> HttpResponse:
    reveal_alarms.look_into(alarm_id, by=request.actor, at=timezone.now())
    messages.success(request, _("已记为核查过。"))
    return redirect("accounts")


@reads
@requires(Permission.VIEW_ACCOUNTS)
def account(request: StaffRequest, user_id: int) -> HttpResponse:
    return _account_page(request, user_id)


@reads
@requires(Permission.MANAGE_ACCOUNTS)
def new_account_form(request: StaffRequest) -> HttpResponse:
    form = AccountForm(initial={"since": timezone.localdate()})
    return _new_account_page(request, form)


@writes
@requires(Permission.MANAGE_ACCOUNTS)
def new_account(request: StaffRequest) -> HttpResponse:
    form = AccountForm(request.POST)
    _offer(form, request.actor)
    if not form.is_valid():
        return _new_account_page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        user = actions.create_account(
            account=_account_of(form, request.actor), by=request.actor, at=timezone.now()
        )
    except Refused as refusal:
        _tell(form, refusal)
        return _new_account_page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _("账号已开通。请把用户名和初始密码当面交给本人。"))
    return redirect("account", user_id=user.pk)


@writes
@requires(Permission.MANAGE_ACCOUNTS)
def disable(request: StaffRequest, user_id: int) -> HttpResponse:
    actions.disable_account(user_id=user_id, by=request.actor, at=timezone.now())
    messages.success(request, _("账号已停用，此人的登录已全部失效。"))
    return redirect("account", user_id=user_id)


@writes
@requires(Permission.MANAGE_ACCOUNTS)
def enable(request: StaffRequest, user_id: int) -> HttpResponse:
    actions.enable_account(user_id=user_id, by=request.actor, at=timezone.now())
    messages.success(request, _("账号已恢复使用。"))
    return redirect("account", user_id=user_id)


@writes
@requires(Permission.MANAGE_ACCOUNTS)
def reset_second_factor(request: StaffRequest, user_id: int) -> HttpResponse:
    actions.reset_second_factor(user_id=user_id, by=request.actor, at=timezone.now())
    messages.success(request, _("已解除绑定，此人下次登录时重新绑定身份验证器。"))
    return redirect("account", user_id=user_id)


@writes
@requires(Permission.MANAGE_ACCOUNTS)
def lift_lock(request: StaffRequest, user_id: int) -> HttpResponse:
    actions.lift_lock(user_id=user_id, by=request.actor, at=timezone.now())
    messages.success(request, _("已解除等待，此人可以立即重新登录。"))
    return redirect("account", user_id=user_id)


@writes
@requires(Permission.MANAGE_ACCOUNTS)
def reset_password(request: StaffRequest, user_id: int) -> HttpResponse:
    form = NewPasswordForm(request.POST)
    if form.is_valid():
        try:
            actions.reset_password(
                user_id=user_id,
                password=form.cleaned_data["password"],
                by=request.actor,
                at=timezone.now(),
            )
        except WeakPassword as refusal:
            _tell(form, refusal)
        else:
            messages.success(request, _("初始密码已设好，请当面交给本人；首次登录必须更改。"))
            return redirect("account", user_id=user_id)
    return _account_page(request, user_id, password_form=form)


@writes
@requires(Permission.MANAGE_ACCOUNTS)
def give_post(request: StaffRequest, user_id: int) -> HttpResponse:
    form = PostForm(request.POST)
    _offer(form, request.actor)
    if form.is_valid():
        try:
            post = _post_of(form, request.actor)
            actions.give_post(user_id=user_id, post=post, by=request.actor, at=timezone.now())
        except Refused as refusal:
            _tell(form, refusal)
        else:
            messages.success(request, _("岗位已增加，此人重新登录后生效。"))
            return redirect("account", user_id=user_id)
    return _account_page(request, user_id, post_form=form)


@writes
@requires(Permission.MANAGE_ACCOUNTS)
def end_post(request: StaffRequest, user_id: int, post_id: int) -> HttpResponse:
    form = EndPostForm(request.POST)
    card = queries.account(user_id=user_id, actor=request.actor)
    if post_id not in {post.id for post in card.posts}:
        raise NotFound
    if form.is_valid():
        actions.end_post(
            post_id=post_id,
            on=form.cleaned_data["on"],
            by=request.actor,
            at=timezone.now(),
        )
        messages.success(request, _("岗位已结束，此人的登录已全部失效。"))
    else:
        messages.error(request, str(form.errors["on"][0]))
    return redirect("account", user_id=user_id)


@reads
@requires(Permission.VIEW_ACCOUNTS)
def access_matrix(request: StaffRequest) -> HttpResponse:
    context = {
        "roles": matrix.role_names(),
        "rows": matrix.role_rows(),
        "routes": matrix.routes(),
    }
    return render(request, "accounts/matrix.html", context)


@reads
@requires(Permission.VIEW_ACCOUNTS)
def access_matrix_csv(request: StaffRequest) -> HttpResponse:  # noqa: ARG001 -- Django's signature
    response = HttpResponse(matrix.as_csv(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="access-matrix.csv"'
    return response


def _account_page(
    request: StaffRequest,
    user_id: int,
    *,
    post_form: PostForm | None = None,
    password_form: NewPasswordForm | None = None,
) -> HttpResponse:
    """Draw an account; with a form that was refused, its errors and 422."""
    refused = post_form or password_form
    posts = post_form or PostForm(initial={"since": timezone.localdate()})
    _offer(posts, request.actor)
    context = {
        "account": queries.account(user_id=user_id, actor=request.actor),
        "form": refused,
        "post_form": posts,
        "password_form": password_form or NewPasswordForm(),
        "today": timezone.localdate(),
        "may_manage": request.actor.can(Permission.MANAGE_ACCOUNTS)
        and user_id != request.actor.user_id,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    return render(request, "accounts/account.html", context, status=status)


def _new_account_page(
    request: StaffRequest, form: AccountForm, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    _offer(form, request.actor)
    return render(request, "accounts/new.html", {"form": form}, status=status)


def _offer(form: PostForm, actor: Actor) -> None:
    own = Choice(actor.area_path, actor.area_name)
    below = (
        Choice(one.path, one.name)
        for one in areas.choices_under(actor.area_path)
        if one.path != actor.area_path
    )
    form.offer(organisations=queries.organisations(actor=actor), divisions=(own, *below))


def _account_of(form: AccountForm, actor: Actor) -> NewAccount:
    typed = form.cleaned_data
    return NewAccount(
        username=typed["username"],
        password=typed["password"],
        person=NewPerson(
            name=typed["name"],
            phone=typed["phone"],
            organisation_id=int(typed["organisation"]),
        ),
        post=_post_of(form, actor),
    )


def _post_of(form: PostForm, actor: Actor) -> NewPost:
    typed = form.cleaned_data
    path, name = _area_of(form, actor)
    covers = typed["covers"]
    return NewPost(
        organisation_id=int(typed["organisation"]),
        role=typed["role"],
        area_path=path,
        area_name=name,
        since=typed["since"],
        covers_post_id=queries.post_id_of(username=covers, actor=actor, on=typed["since"])
        if covers
        else None,
    )


def _area_of(form: PostForm, actor: Actor) -> tuple[str, str]:
    """Return path and name of the chosen division, or of one site inside it."""
    division, code = form.cleaned_data["division"], form.cleaned_data["site_code"]
    if not code:
        field = form.fields["division"]
        names = dict(getattr(field, "choices", ()))
        return division, str(names[division])
    site = sites.site_by_code(actor, code)
    if not site.area_path.startswith(division):
        raise NotFound(_("这个网点不在所选的管辖区划内，请核对网点代码。"))
    return site.area_path, site.name


def _tell(form: Form, refusal: Refused) -> None:
    field = _FIELD_OF.get(type(refusal))
    form.add_error(field, str(refusal))
