"""What was read from a photo, shown beside it: each field is confirmed or corrected by a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from circle15.cases.parties import By
from circle15.cases.reading import asking
from circle15.core.identifiers.resident_id import canonical_resident_id, is_resident_id
from circle15.core.reading.fields import Field, Found, Paper
from circle15.core.text import tidy
from circle15.web.shared.refused import wants_fragment

# From this confidence on a field is shown as read with certainty.
CERTAIN = 0.95
LONGEST = 120
FIELDS = {
    Field.NAME: _("姓名"),
    Field.SEX: _("性别"),
    Field.NATION: _("民族"),
    Field.BIRTH: _("出生日期"),
    Field.ADDRESS: _("住址"),
    Field.ID_NUMBER: _("身份证号码"),
    Field.AUTHORITY: _("签发机关"),
    Field.VALID_FROM: _("有效期从"),
    Field.VALID_UNTIL: _("有效期到"),
    Field.CARD_NUMBER: _("银行卡号"),
    Field.BANK: _("开户银行"),
    Field.AMOUNT: _("合计金额"),
    Field.DATE: _("开票日期"),
}
PAPERS = {
    Paper.ID_FRONT: _("身份证（人像面）"),
    Paper.ID_BACK: _("身份证（国徽面）"),
    Paper.BANK_CARD: _("银行卡"),
    Paper.RECEIPT: _("票据"),
    Paper.OTHER: _("没认出是什么证件"),
}


@dataclass(frozen=True, slots=True)
class Target:
    """A field of a page that may be filled from a photo; `check` is what the page asks of it."""

    key: str
    label: str
    read: Field
    longest: int = LONGEST
    check: forms.Field | None = None

    def cleaned(self, text: str) -> str:
        """Return a value as the page would keep it. Raises ValidationError."""
        if not text:
            raise forms.ValidationError(_("要用这一项，请填写；不用就不勾。"))
        if self.read == Field.ID_NUMBER:
            text = canonical_resident_id(text)
            if not is_resident_id(text):
                raise forms.ValidationError(_("身份证号码不对，请对照照片改正。"))
        return str(self.check.clean(text)) if self.check else text


@dataclass(frozen=True, slots=True)
class Row:
    """One field as the page shows it."""

    value: forms.BoundField
    agreed: forms.BoundField
    tone: str
    words: str | Promise
    percent: int


class ConfirmForm(forms.Form):
    """What was read for some targets; only ticked fields are used."""

    def __init__(self, found: Sequence[Found], targets: Sequence[Target], data: Any = None) -> None:
        super().__init__(data)
        by_field = {each.field: each for each in found}
        self._read = {each.key: by_field[each.read] for each in targets if each.read in by_field}
        self._targets = {each.key: each for each in targets if each.key in self._read}
        for key, target in self._targets.items():
            self.fields[f"value-{key}"] = forms.CharField(
                label=target.label,
                initial=self._read[key].value,
                max_length=target.longest,
                required=False,
                widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            )
            self.fields[f"agreed-{key}"] = forms.BooleanField(
                label=_("和照片一样，用它"), required=False
            )

    @property
    def rows(self) -> list[Row]:
        return [
            Row(
                self[f"value-{key}"],
                self[f"agreed-{key}"],
                *_sure(found),
                int(found.confidence * 100),
            )
            for key, found in self._read.items()
        ]

    @property
    def confirmed(self) -> dict[str, str]:
        """Return the fields somebody has ticked, as they stand now."""
        return {
            key: self.cleaned_data[f"value-{key}"]
            for key in self._targets
            if self.cleaned_data.get(f"agreed-{key}")
        }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        ticked = [key for key in self._targets if given.get(f"agreed-{key}")]
        if not ticked:
            raise forms.ValidationError(_("请对照照片，核对一项勾一项；勾了的才会用。"))
        for key in ticked:
            text = tidy(given.get(f"value-{key}") or "").text
            try:
                given[f"value-{key}"] = self._targets[key].cleaned(text)
            except forms.ValidationError as problem:
                self.add_error(f"value-{key}", problem)
        return given


def _sure(found: Found) -> tuple[str, str | Promise]:
    """Say how sure one is of a field."""
    if found.is_doubtful:
        return "bad", _("对不上，请仔细核对")
    if found.is_proved:
        return "good", _("校验通过")
    return ("good", _("读得清楚")) if found.confidence >= CERTAIN else ("warn", _("请核对"))


def still_open(request: HttpRequest, line: asking.ReadingLine) -> HttpResponse | None:
    """Answer the script that asks whether a photo has been read; None for a person."""
    if not wants_fragment(request):
        return None
    reply = HttpResponse(status=HTTPStatus.NO_CONTENT)
    if not line.is_open:
        reply["HX-Refresh"] = "true"
    return reply


def picture(uid: UUID, *, by: By, at: datetime) -> HttpResponse:
    """Give a picture back to whoever had it read; nothing in it can act."""
    kept = asking.picture(uid, by=by, at=at)
    response = HttpResponse(kept.content, content_type=kept.media_type)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Disposition"] = "inline"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def context_of(line: asking.ReadingLine, form: ConfirmForm) -> dict[str, object]:
    """Return what the page of a reading shows."""
    return {"reading": line, "form": form, "paper_name": PAPERS[line.paper.paper]}
