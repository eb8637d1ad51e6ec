"""What a list of sites can be narrowed to, and a fact typed in by hand."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from circle15.assessments.queries import SORTS
from circle15.sites.queries import SiteFilter
from circle15.sites.states import SiteKind, SiteStatus

ALL = ("", _("全部"))


class SiteFilterForm(forms.Form):
    """The filter of map, list and board; every field may be empty, wrong values count as empty."""

    q = forms.CharField(label=_("名称、拼音或代码"), required=False, max_length=60)
    kind = forms.ChoiceField(label=_("类型"), required=False, choices=[ALL, *SiteKind.choices])
    status = forms.ChoiceField(label=_("状态"), required=False, choices=[ALL, *SiteStatus.choices])
    area = forms.ChoiceField(label=_("区域"), required=False)
    book = forms.ChoiceField(label=_("评分规则"), required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        areas: list[tuple[str, str]],
        books: list[tuple[str, str]],
    ) -> None:
        super().__init__(data, field_order=["q", "area", "kind", "status", "book"])
        area, book = self.fields["area"], self.fields["book"]
        assert isinstance(area, forms.ChoiceField)
        assert isinstance(book, forms.ChoiceField)
        area.choices = [ALL, *areas]
        book.choices = books
        self._first_book = books[0][0] if books else ""

    def narrowed(self) -> SiteFilter:
        """Return the filter; a value that is not offered narrows nothing."""
        self.is_valid()
        given = self.cleaned_data
        return SiteFilter(
            search=given.get("q", ""),
            kind=given.get("kind", ""),
            status=given.get("status", ""),
            area_path=given.get("area", ""),
        )

    @property
    def chosen_book(self) -> str:
        self.is_valid()
        return self.cleaned_data.get("book") or self._first_book


def chosen_sort(raw: str) -> str:
    """Return a known order of the list."""
    return raw if raw in SORTS else "name"
