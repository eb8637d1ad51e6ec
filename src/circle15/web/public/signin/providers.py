"""The ways to sign in. A further one adds its line here and begins its own session."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from circle15.cases.core_platform import ecard
from circle15.ledger.people.signing_in import BY_CODE


@dataclass(frozen=True, slots=True)
class Provider:
    """A way to prove who one is; `url_name` is its first page."""

    key: str
    url_name: str
    label: Promise
    hint: Promise
    icon: str
    is_set_up: Callable[[], bool] = lambda: True

    @property
    def url(self) -> str:
        """Return its address, "" where this installation has no such way."""
        try:
            return reverse(self.url_name) if self.is_set_up() else ""
        except NoReverseMatch:
            return ""


CODE = Provider(BY_CODE, "signin", _("身份证号码和短信验证码"), _("验证码发到登记的手机"), "phone")
ECARD = Provider(
    ecard.SIGN_IN,
    "signin_ecard",
    _("医保电子凭证"),
    _("用医保码授权登录，不用输号码"),
    "shield",
    ecard.is_set_up,
)
PROVIDERS: tuple[Provider, ...] = (
    CODE,
    ECARD,
)


def others(than: Provider) -> tuple[Provider, ...]:
    """Return the ways this installation has besides one."""
    return tuple(each for each in PROVIDERS if each is not than and each.url)


def label_of(key: str) -> str:
    """Name a way; one no longer there as it is stored."""
    return next((str(each.label) for each in PROVIDERS if each.key == key), key)
