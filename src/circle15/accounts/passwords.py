"""What a password must be made of (等保: at least three kinds of characters)."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_KINDS = (r"[a-z]", r"[A-Z]", r"\d", r"[^A-Za-z0-9]")
_WANTED = 3


class KindsValidator:
    """Ask for three of: small letters, capitals, digits, signs."""

    def validate(self, password: str, user: object = None) -> None:  # noqa: ARG002 -- Django's signature
        if sum(bool(re.search(kind, password)) for kind in _KINDS) < _WANTED:
            raise ValidationError(self.get_help_text(), code="password_kinds")

    def get_help_text(self) -> str:
        return _("密码至少要有小写字母、大写字母、数字、符号中的三种。")
