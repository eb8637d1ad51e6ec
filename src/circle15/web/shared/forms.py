"""The form of the style guide: one field of each kind."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SampleForm(forms.Form):
    name = forms.CharField(
        label=_("站点名称"),
        help_text=_("与门头招牌一致，例如：某某镇医保服务站"),
        max_length=60,
        error_messages={"required": _("请填写站点名称")},
    )
    area = forms.DecimalField(
        label=_("室内面积（平方米）"),
        min_value=0,
        error_messages={"invalid": _("室内面积请填数字，例如 128")},
    )
    kind = forms.ChoiceField(
        label=_("站点类型"),
        choices=[("", _("请选择")), ("town", _("镇级服务中心")), ("village", _("村级服务点"))],
        error_messages={"required": _("请选择站点类型")},
    )
    open_on = forms.MultipleChoiceField(
        label=_("开放时间"),
        choices=[("am", _("上午")), ("pm", _("下午")), ("sat", _("周六"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    lane = forms.ChoiceField(
        label=_("设有绿色通道"),
        choices=[("yes", _("有")), ("no", _("没有"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择有没有绿色通道")},
    )
    note = forms.CharField(
        label=_("备注"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    photo = forms.FileField(
        label=_("现场照片"), help_text=_("JPG 或 PNG，不超过 10 MB"), required=False
    )
    sure = forms.BooleanField(
        label=_("已与现场核对一致"), error_messages={"required": _("请确认已与现场核对")}
    )
