"""One-time codes on the phone of an insured person: asked for, sent, checked.

Nobody learns from them who is known here: a code is kept for every number typed, with the same
limits, the same answers and the same time; only for a known one with a phone a message goes out.
A refusal is raised after the failed try is stored, so the caller's transaction must go on.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import compare_digest, randbelow
from threading import Thread
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from circle15.accounts import sms
from circle15.accounts.public_models import SignInCode
from circle15.accounts.refusals import NotFound, Refused
from circle15.accounts.sealing import blind_index, seal, unseal
from circle15.accounts.states import CodePurpose
from circle15.areas.scope import EVERYWHERE, area_scope
from circle15.audit.actions import record
from circle15.audit.states import Who
from circle15.core.text import tidy

KIND = "signin"
DIGITS = 6
GOOD_FOR = timedelta(minutes=5)
PAUSE = timedelta(seconds=60)
PRESSED_TWICE = timedelta(seconds=10)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PER_HOUR, PER_DAY = 5, 10
# A phone company puts many people behind one address.
PER_ADDRESS = 60
MISSES_PER_CODE = 5
MISSES_PER_ADDRESS = 100
MOST_TRIES = 5
MOST_AT_ONCE = 200
# What the owner of the phone agrees to by telling a code, in the words of the message.
_AGREEING: Mapping[str, str] = {
    CodePurpose.MANDATE: "为您代办医保业务",
    CodePurpose.HANDLER: "为贵单位网上经办医保业务",
}
NOBODY = Who(id=None, name="", role="public")


class WrongCode(Refused):
    def __init__(self) -> None:
        super().__init__(_("验证码不正确。请核对短信中的 6 位数字，或重新获取。"))


class CodeLapsed(Refused):
    """Too old, used, or guessed at too often."""

    def __init__(self) -> None:
        super().__init__(_("验证码已失效，请重新获取。"))


class TooManyCodes(Refused):
    """Says how long to wait."""

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        super().__init__(
            _("获取验证码太频繁，请在%(wait)s后再试，或带身份证到就近网点办理。")
            % {"wait": _in_words(wait)}
        )


@dataclass(frozen=True, slots=True)
class Reachable:
    """Somebody known with a phone, or an organisation's, as found by the number typed."""

    person_uid: UUID
    area_path: str
    phone: str


@dataclass(frozen=True, slots=True)
class CodeAsked:
    """What the page says of a code: the same for everybody."""

    uid: UUID
    purpose: CodePurpose
    phone_tail: str
    good_until: datetime
    again_at: datetime


@dataclass(frozen=True, slots=True)
class CodePassed:
    """Whose code was right, who had asked for it and under what terms."""

    person_uid: UUID
    area_path: str
    asked_by: UUID | None
    terms: Mapping[str, str]


def ask(  # noqa: PLR0913 -- what a code is asked with
    *,
    id_number: str,
    reachable: Reachable | None,
    address: str,
    at: datetime,
    purpose: CodePurpose = CodePurpose.SIGN_IN,
    asked_by: UUID | None = None,
    terms: Mapping[str, str] | None = None,
) -> CodeAsked:
    """Make a code that is good for five minutes and send it. Raises TooManyCodes.

    `terms` are told in the message of a mandate: who asks (masked) and until when.
    """
    new = _new(index_of(id_number), reachable, address, at)
    new.purpose, new.asked_by, new.terms = purpose, asked_by, dict(terms or {})
    return _ask(new, at)


def ask_again(
    *, uid: UUID, reachable: Callable[[UUID], Reachable | None], address: str, at: datetime
) -> CodeAsked:
    """Send another code in place of one asked for before. Raises NotFound, TooManyCodes."""
    with area_scope(EVERYWHERE):
        former = SignInCode.objects.filter(uid=uid, made_at__gt=at - DAY).first()
    if former is None:
        raise NotFound
    person = reachable(former.person_uid) if former.person_uid else None
    new = _new(former.number_index, person, address, at)
    new.purpose, new.asked_by, new.terms = former.purpose, former.asked_by, former.terms
    return _ask(new, at)


def asked(uid: UUID, *, at: datetime) -> CodeAsked:
    """Return what the page says of a code. Raises NotFound for one forgotten or of nobody."""
    with area_scope(EVERYWHERE):
        row = SignInCode.objects.filter(uid=uid, made_at__gt=at - DAY).first()
    if row is None:
        raise NotFound
    return _asked(row)


def asker_of(uid: UUID) -> UUID | None:
    """Return who asked for a code on somebody else's phone; None for a code of one's own."""
    with area_scope(EVERYWHERE):
        return SignInCode.objects.filter(uid=uid).values_list("asked_by", flat=True).first()


def shown_in_demo(uid: UUID) -> str:
    """Return the code itself in a demo without a gateway, where no phone will ring; else ""."""
    if not settings.DEMO or settings.SMS_URL:
        return ""
    with area_scope(EVERYWHERE):
        return _code(SignInCode.objects.get(uid=uid))


def check(*, uid: UUID, code: str, purpose: CodePurpose, address: str, at: datetime) -> CodePassed:
    """Use a code, once. Raises NotFound, CodeLapsed, WrongCode, TooManyCodes."""
    with area_scope(EVERYWHERE):
        _one_at_a_time(f"code {address}")
        row = SignInCode.objects.select_for_update().filter(uid=uid, purpose=purpose).first()
        if row is None:
            raise NotFound
        _demand_few_misses(address, at=at)
        if row.used_at or row.misses >= MISSES_PER_CODE or at >= row.good_until:
            raise CodeLapsed
        typed = tidy(code).text.replace(" ", "")
        # Compared also where it can't be right, so that both take the same time.
        is_right = compare_digest(_code(row).encode(), typed.encode())
        if is_right and row.person_uid is not None:
            row.used_at = at
            row.save(update_fields=["used_at"])
            return CodePassed(row.person_uid, row.area_path, row.asked_by, row.terms)
        row.misses = F("misses") + 1
        row.save(update_fields=["misses"])
        _tell("public.code.refused", row, at)
    raise WrongCode


def send_due(*, at: datetime) -> int:
    """Send codes that have not gone out, and drop those too late; return how many went."""
    return send_due_by(sms.way(), at=at)


def send_due_by(sender: sms.Sender, *, at: datetime) -> int:
    """Send codes by a way of sending; return how many went out."""
    sent = 0
    for _each in range(MOST_AT_ONCE):
        with area_scope(EVERYWHERE):
            row = _waiting().order_by("made_at", "uid").first()
            if row is None:
                break
            sent += _sent(row, sender, at)
    return sent


def forget_old(*, at: datetime) -> int:
    """Delete codes older than a day; return how many."""
    with area_scope(EVERYWHERE):
        return SignInCode.objects.filter(made_at__lt=at - DAY).delete()[0]


def index_of(id_number: str) -> str:
    """Return the blind index under which codes for a number are counted."""
    return blind_index(id_number, field="id_number", kind=KIND)


def words(row: SignInCode) -> str:
    """Put a code into words. No name in full, no number: a phone lies open on tables."""
    code = _code(row)
    if row.purpose in _AGREEING:
        asker, until = row.terms.get("asker", ""), row.terms.get("until", "")
        what = f"{asker}申请{_AGREEING[row.purpose]}，至 {until}"
        return (
            f"【医保服务】{what}。同意就把验证码 {code} 告诉对方，5 分钟内有效；不同意请不要理会。"
        )
    return f"【医保服务】登录验证码 {code}，5 分钟内有效。工作人员不会向您索要，请勿告诉他人。"


def _ask(row: SignInCode, at: datetime) -> CodeAsked:
    with area_scope(EVERYWHERE):
        _one_at_a_time(f"code {row.number_index}", f"code {row.address}")
        if (twin := _pressed_twice(row)) is not None:
            return _asked(twin)
        _demand_few(row.number_index, row.address, at=at)
        row.save(force_insert=True)
        _tell("public.code", row, at)
    # Both for a known and an unknown number, so that neither answers sooner.
    transaction.on_commit(lambda: Thread(target=_send_now, args=(row.uid,), daemon=True).start())
    return _asked(row)


def _pressed_twice(row: SignInCode) -> SignInCode | None:
    """Return the code the same browser asked for a moment ago: a double click, a page sent again.

    Not the form's own key as elsewhere: its record would hold a digest of the number.
    """
    same = SignInCode.objects.filter(
        number_index=row.number_index,
        address=row.address,
        purpose=row.purpose,
        asked_by=row.asked_by,
        terms=row.terms,
        used_at__isnull=True,
        made_at__gt=row.made_at - PRESSED_TWICE,
    )
    return same.order_by("-made_at", "uid").first()


def _new(index: str, reachable: Reachable | None, address: str, at: datetime) -> SignInCode:
    uid = uuid4()
    phone = reachable.phone if reachable else ""
    return SignInCode(
        uid=uid,
        number_index=index,
        person_uid=reachable.person_uid if reachable and phone else None,
        area_path=reachable.area_path if reachable else EVERYWHERE,
        code_sealed=_seal(f"{randbelow(10**DIGITS):0{DIGITS}}", "code", uid),
        phone_sealed=_seal(phone, "phone", uid) if phone else "",
        phone_tail=phone[-2:] if phone else _made_up_tail(index),
        address=address,
        made_at=at,
        good_until=at + GOOD_FOR,
    )


def _made_up_tail(index: str) -> str:
    """Return two digits that are always the same for a number nobody has."""
    return f"{int(blind_index(index, field='tail', kind=KIND), 16) % 100:02}"


def _seal(plain: str, field: str, uid: UUID) -> str:
    return seal(plain, kind=KIND, field=field, uid=uid)


def _code(row: SignInCode) -> str:
    return unseal(row.code_sealed, kind=KIND, field="code", uid=row.uid)


def _asked(row: SignInCode) -> CodeAsked:
    again_at = row.made_at + PAUSE
    return CodeAsked(row.uid, CodePurpose(row.purpose), row.phone_tail, row.good_until, again_at)


def _demand_few(index: str, address: str, *, at: datetime) -> None:
    rows = SignInCode.objects.filter(number_index=index, made_at__gt=at - DAY)
    times = list(rows.order_by("-made_at", "uid").values_list("made_at", flat=True)[:PER_DAY])
    ends = [times[0] + PAUSE] if times else []
    ends += [times[PER_HOUR - 1] + HOUR] if len(times) >= PER_HOUR else []
    ends += [times[PER_DAY - 1] + DAY] if len(times) >= PER_DAY else []
    here = SignInCode.objects.filter(address=address, made_at__gt=at - HOUR)
    latest = list(here.order_by("-made_at", "uid").values_list("made_at", flat=True)[:PER_ADDRESS])
    ends += [latest[-1] + HOUR] if len(latest) >= PER_ADDRESS else []
    if ends and max(ends) > at:
        raise TooManyCodes(max(ends) - at)
    _demand_few_misses(address, at=at)


def _demand_few_misses(address: str, *, at: datetime) -> None:
    rows = SignInCode.objects.filter(address=address, made_at__gt=at - HOUR)
    if (rows.aggregate(sum=Sum("misses"))["sum"] or 0) >= MISSES_PER_ADDRESS:
        raise TooManyCodes(HOUR)


def _one_at_a_time(*keys: str) -> None:
    """Let tries on one number or from one address queue up, so that none is left uncounted."""
    with connection.cursor() as cursor:
        for key in sorted(keys):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 15))", [key])


def _tell(verb: str, row: SignInCode, at: datetime) -> None:
    """Record one event; of an unknown number the trail keeps only the blind index."""
    record(
        who=NOBODY,
        verb=verb,
        target_kind="served" if row.purpose == CodePurpose.HANDLER else "insured",
        target_id=str(row.person_uid) if row.person_uid else f"?{row.number_index[:12]}",
        area_path=row.area_path,
        at=at,
        new={"purpose": row.purpose, "address": row.address},
    )


def _send_now(uid: UUID) -> None:
    """Send one code right after it was made, beside the reply; the sweep does what fails here."""
    try:
        with area_scope(EVERYWHERE):
            row = _waiting().filter(uid=uid).first()
            if row is not None:
                _sent(row, sms.way(), row.made_at)
    finally:
        connection.close()


def _waiting() -> QuerySet[SignInCode]:
    rows = SignInCode.objects.select_for_update(skip_locked=True)
    return rows.filter(sent_at__isnull=True, dropped_at__isnull=True, person_uid__isnull=False)


def _sent(row: SignInCode, sender: sms.Sender, at: datetime) -> bool:
    if at >= row.good_until or row.tries >= MOST_TRIES:
        row.dropped_at = at
        row.save(update_fields=["dropped_at"])
        return False
    phone = unseal(row.phone_sealed, kind=KIND, field="phone", uid=row.uid)
    try:
        sender.send(phone=phone, text=words(row), key=str(row.uid))
    except sms.NeverSent:
        row.dropped_at = at
    except sms.NotSent:
        row.tries += 1
    else:
        # What went out is needed no more.
        row.sent_at, row.phone_sealed = at, ""
    row.save(update_fields=["dropped_at", "tries", "sent_at", "phone_sealed"])
    return row.sent_at is not None


def _in_words(wait: timedelta) -> str:
    seconds = -int(-wait.total_seconds() // 1)
    if seconds < 60:  # noqa: PLR2004 -- a minute
        return ngettext("%(n)d 秒", "%(n)d 秒", seconds) % {"n": seconds}
    minutes = -(-seconds // 60)
    return ngettext("%(n)d 分钟", "%(n)d 分钟", minutes) % {"n": minutes}
