"""Which days and which site the figures are of."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from circle15.web.bureau.ratings.forms import ALL
from circle15.web.bureau.services.entry_forms import PeriodForm, choose


class FiguresForm(PeriodForm):
    """Days from one to another, of all sites or of one."""

    site = forms.ChoiceField(label=gettext_lazy("网点"), required=False)

    def __init__(self, *args: Any, sites: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        choose(self.fields["site"], [ALL, *sites])
