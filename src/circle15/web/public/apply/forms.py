"""Forms of the online hall: a question, the fields of a form, a photo, how the result comes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from circle15.core.text import tidy
from circle15.standards.catalogue import CatalogueItem, Handover, Question
from circle15.web.public.apply.way import HANDOVER, POST_TO, handovers
from circle15.web.shared.item_words import said

HANDOVER_WORDS = {
    Handover.WINDOW: _("到窗口领取"),
    Handover.ONLINE: _("网上查看和下载"),
    Handover.POST: _("邮寄到家"),
    Handover.ACCOUNT: _("直接打到账户"),
}


class QuestionForm(forms.Form):
    """One question with its choices."""

    def __init__(self, question: Question, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["answer"] = forms.ChoiceField(
            label=said(question.text),
            help_text=said(question.hint) if question.hint else "",
            choices=[(each.key, said(each.text)) for each in question.choices],
            widget=forms.RadioSelect,
            error_messages={
                "required": _("请选一个答案。"),
                "invalid_choice": _("请选一个答案。"),
            },
        )


class HandoverForm(forms.Form):
    """How the result is to come."""

    def __init__(self, item: CatalogueItem, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        ways = handovers(item)
        self.fields[HANDOVER] = forms.ChoiceField(
            label=_("结果怎么给您"),
            choices=[(way.value, HANDOVER_WORDS[way]) for way in ways],
            widget=forms.RadioSelect,
            error_messages={"required": _("请选结果怎么给您。")},
        )
        if Handover.POST in ways:
            self.fields[POST_TO] = forms.CharField(
                label=_("邮寄地址和收件人"),
                help_text=_("选邮寄的填。省、市、街道、门牌号和收件人姓名。"),
                max_length=120,
                required=False,
                widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        wants_post = given.get(HANDOVER) == Handover.POST
        if wants_post and not tidy(given.get(POST_TO) or "").text:
            self.add_error(POST_TO, _("选了邮寄，请填写邮寄地址和收件人。"))
        return given

    @property
    def values(self) -> dict[str, str]:
        return {name: str(value or "") for name, value in self.cleaned_data.items()}


class PhotosField(forms.FileField):
    """One or several files."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        several = data if isinstance(data, list | tuple) else [data] if data else []
        if not several:
            return super().clean(None, initial)
        return [super(PhotosField, self).clean(each, initial) for each in several]


class _SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotoForm(forms.Form):
    """Photos of one paper, a page each."""

    photos = PhotosField(
        label=_("拍照或选择文件"),
        help_text=_("一页拍一张，字要看得清。JPG、PNG 图片或 PDF，每个不超过 10 MB。"),
        # Without HEIC in the list an iPhone sends JPEG.
        widget=_SeveralFiles(
            attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf", "multiple": True}
        ),
        error_messages={
            "required": _("请先拍照或选择文件。"),
            "empty": _("文件是空的，请重新选择。"),
        },
    )


class CardForm(forms.Form):
    """One photo of a card, to be read."""

    card = forms.FileField(
        label=_("身份证或银行卡的照片"),
        help_text=_("平整、清楚、不反光，四个角都在照片里。"),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={
            "required": _("请先拍照或选择文件。"),
            "empty": _("文件是空的，请重新选择。"),
        },
    )


class CheckForm(forms.Form):
    """What is declared when an application is handed in."""

    true = forms.BooleanField(
        label=_("我确认填写的内容和上传的材料真实、完整。"),
        error_messages={"required": _("请先确认内容和材料真实、完整。")},
    )
    share = forms.BooleanField(
        label=_("我同意用系统里的数据核验不用交的材料。"),
        error_messages={"required": _("请先同意用系统里的数据核验，或者带材料到窗口办理。")},
    )
