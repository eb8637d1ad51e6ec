"""What an agreement, its outlets and their checks ask."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from circle15.ledger.files import MAX_BYTES
from circle15.programme.partners.lists import AgreementView, OutletView
from circle15.programme.partners.users import ROLES
from circle15.standards.partners import partner_rules
from circle15.web.bureau.pharmacies.forms import FILE_ERRORS
from circle15.web.bureau.ratings.forms import ALL
from circle15.web.bureau.services.entry_forms import CHOOSE, WRITE, choose, day_field
from circle15.web.shared.file_fields import SmallFileField
from circle15.web.shared.item_words import said


def _file(label: Any) -> SmallFileField:
    return SmallFileField(
        label=label,
        required=False,
        most_bytes=MAX_BYTES,
        accept="image/jpeg,image/png,image/webp,application/pdf",
        errors=FILE_ERRORS,
    )


def _words(label: Any, *, required: bool, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=WRITE,
        help_text=hint,
    )


class KindForm(forms.Form):
    """Banks, hospitals or both; a wrong value counts as both."""

    kind = forms.ChoiceField(label=gettext_lazy("种类"), required=False)

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        kinds = partner_rules().kinds.items()
        choose(self.fields["kind"], [ALL, *((key, said(kind.name)) for key, kind in kinds)])

    def chosen(self) -> str:
        self.is_valid()
        return str(self.cleaned_data.get("kind") or "")


class AgreementForm(forms.Form):
    """A new agreement."""

    kind = forms.ChoiceField(label=gettext_lazy("种类"), error_messages=CHOOSE)
    organisation = forms.ChoiceField(label=gettext_lazy("合作单位"), error_messages=CHOOSE)
    number = forms.CharField(label=gettext_lazy("协议编号"), max_length=60, error_messages=WRITE)
    starts_on = day_field(gettext_lazy("开始日期"))
    ends_on = day_field(gettext_lazy("结束日期"))
    is_public_grade2 = forms.BooleanField(
        label=gettext_lazy("二级以上公立医疗机构"), required=False
    )
    file = _file(gettext_lazy("协议文件（PDF 或照片）"))
    note = _words(gettext_lazy("说明"), required=False)

    def __init__(
        self, data: Any = None, files: Any = None, *, whom: Iterable[tuple[int, str]]
    ) -> None:
        super().__init__(data, files)
        kinds = partner_rules().kinds.items()
        choose(self.fields["kind"], [(key, said(kind.name)) for key, kind in kinds])
        choose(self.fields["organisation"], [(str(pk), name) for pk, name in whom])


class ActForm(forms.Form):
    """The base of what a step asks."""

    def __init__(self, *args: Any, act: str, **more: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{act}-%s"} | more)
        self.act = act


class AddOutletForm(ActForm):
    site = forms.ChoiceField(label=gettext_lazy("网点"), error_messages=CHOOSE)

    def __init__(self, *args: Any, sites: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        choose(self.fields["site"], sites)


class RemoveOutletForm(ActForm):
    site = forms.ChoiceField(label=gettext_lazy("网点"), error_messages=CHOOSE)

    def __init__(self, *args: Any, view: AgreementView, **more: Any) -> None:
        super().__init__(*args, **more)
        rows = [line.outlet.site for line in view.outlets]
        choose(self.fields["site"], [(row.code, row.name) for row in rows])


class EndForm(ActForm):
    why = _words(gettext_lazy("理由"), required=True)


class CheckForm(ActForm):
    """A dated check by the list of the kind."""

    checked_on = day_field(gettext_lazy("检查日期"))
    met = forms.MultipleChoiceField(
        label=gettext_lazy("符合的"), required=False, widget=forms.CheckboxSelectMultiple
    )
    note = _words(
        gettext_lazy("情况说明"), required=False, hint=gettext_lazy("有不符合的，要写明。")
    )
    file = _file(gettext_lazy("照片或 PDF"))

    def __init__(self, *args: Any, view: OutletView, **more: Any) -> None:
        super().__init__(*args, **more)
        kind = partner_rules().kinds[view.line.outlet.agreement.kind]
        choose(self.fields["met"], [(key, said(name)) for key, name in kind.checks.items()])


class ItemsForm(ActForm):
    """The items an outlet does not offer, of those its kind may."""

    not_offered = forms.MultipleChoiceField(
        label=gettext_lazy("本网点不办的事项"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("只用于公示和核对；窗口能收什么以事项目录为准。"),
    )

    def __init__(self, *args: Any, view: OutletView, **more: Any) -> None:
        super().__init__(*args, **more)
        keys = [one.key for one in view.items]
        choose(self.fields["not_offered"], [(key, said(view.names.name(key))) for key in keys])
        self.initial["not_offered"] = view.line.outlet.not_offered


class PostsForm(forms.Form):
    """An account of the partner that gets a post at every outlet of the agreement."""

    username = forms.ChoiceField(label=gettext_lazy("账号"), error_messages=CHOOSE)
    role = forms.ChoiceField(
        label=gettext_lazy("岗位"),
        error_messages=CHOOSE,
        choices=[(role.value, role.label) for role in ROLES],
    )

    def __init__(self, *args: Any, names: Iterable[str], **more: Any) -> None:
        super().__init__(*args, **more)
        choose(self.fields["username"], [(name, name) for name in names])
