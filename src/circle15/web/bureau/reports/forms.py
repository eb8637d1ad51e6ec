"""What a report is asked for with, and how an information report is handed in and judged."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from circle15.standards.information import information_rules, period_of
from circle15.web.bureau.services.entry_forms import CHOOSE, WRITE, choose, day_field
from circle15.web.shared.site_fields import SiteField

_QUARTERS = 6
ALL = ("", _("全部"))


class QuarterForm(forms.Form):
    """Which quarter, the present one first."""

    day = forms.ChoiceField(label=_("季度"), error_messages=CHOOSE)

    def __init__(self, *args: Any, today: date, **more: Any) -> None:
        super().__init__(*args, **more)
        choose(self.fields["day"], _quarters(today))


class SiteForm(forms.Form):
    """Which site."""

    site = SiteField(label=_("网点"), error_messages=CHOOSE)

    def __init__(self, *args: Any, sites: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        choose(self.fields["site"], sites)


class CampaignForm(forms.Form):
    """Which campaign."""

    campaign = forms.ChoiceField(label=_("考核"), error_messages=CHOOSE)

    def __init__(self, *args: Any, campaigns: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        choose(self.fields["campaign"], campaigns)


class OrderForm(forms.Form):
    """Which order, by its number."""

    number = forms.CharField(
        label=_("工单编号或督办编号"),
        max_length=24,
        error_messages=WRITE,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class KindFilterForm(forms.Form):
    """Which kind of report a list shows."""

    kind = forms.ChoiceField(label=_("种类"), required=False)

    def __init__(self, *args: Any, kinds: Iterable[tuple[str, Any]], **more: Any) -> None:
        super().__init__(*args, **more)
        choose(self.fields["kind"], [ALL, *kinds])

    @property
    def chosen(self) -> str:
        return str(self.cleaned_data["kind"]) if self.is_bound and self.is_valid() else ""


class BeginForm(forms.Form):
    """From which day on a kind of report is owed."""

    kind = forms.ChoiceField(label=_("种类"), error_messages=CHOOSE)
    begins_on = day_field(_("从哪一天起"), hint=_("整期在这一天以后的才要报送。"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        choose(self.fields["kind"], kinds())


class HandInForm(forms.Form):
    """A file, or a report that was issued; whose and for when goes along unseen."""

    kind = forms.CharField(max_length=20, widget=forms.HiddenInput)
    period = forms.CharField(max_length=8, widget=forms.HiddenInput)
    owner = forms.CharField(max_length=120, widget=forms.HiddenInput)
    report = forms.ChoiceField(label=_("已出具的报告"), required=False)
    file = forms.FileField(
        label=_("或者上传文件"),
        required=False,
        help_text=_("PDF 或照片，不超过 10 MB。"),
    )
    note = forms.CharField(label=_("说明"), required=False, max_length=300)

    def __init__(
        self,
        *args: Any,
        reports: Iterable[tuple[str, str]] = (),
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        known = list(reports)
        choose(self.fields["report"], [("", _("不用，我上传文件")), *known])
        if not known:
            del self.fields["report"]


class JudgeForm(forms.Form):
    """Receive it, or give it back with a reason."""

    reason = forms.CharField(
        label=_("退回的理由"),
        required=False,
        max_length=300,
        help_text=_("接收时可以不填。"),
    )


def kinds() -> list[tuple[str, str]]:
    """Return the kinds of information reports with their names."""
    language = get_language() or ""
    return [
        (key, kind.name.in_language(language)) for key, kind in information_rules().kinds.items()
    ]


def _quarters(today: date) -> Iterator[tuple[str, str]]:
    period = period_of("quarter", today)
    for _at in range(_QUARTERS):
        # The first day of a quarter that begins today has nothing to tell yet.
        if period.first < today:
            yield period.first.isoformat(), period.name
        period = period_of("quarter", period.first - timedelta(days=1))
