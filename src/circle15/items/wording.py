"""What service items are made of, in words: their fields and the keys in them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from circle15.core.messages import Message
from circle15.standards.catalogue import (
    Applicant,
    Authority,
    Channel,
    Confidence,
    Handover,
    ItemKind,
    Medium,
    Origin,
    Place,
)
from circle15.standards.reading import problem

WORDS: dict[str, dict[str, str | Promise]] = {
    "kind": {
        ItemKind.INSTANT: _("即办件"),
        ItemKind.PROMISED: _("承诺件"),
        ItemKind.ADVICE: _("咨询服务"),
        ItemKind.FORWARDED: _("受理转办"),
        ItemKind.VISIT: _("预约服务"),
    },
    "applicant": {
        Applicant.PERSON: _("个人"),
        Applicant.EMPLOYER: _("用人单位"),
        Applicant.PROVIDER: _("医药机构"),
        Applicant.ANYONE: _("任何人"),
    },
    "channel": {
        Channel.WINDOW: _("窗口"),
        Channel.WEB: _("网上"),
        Channel.APP: _("手机应用"),
        Channel.KIOSK: _("自助机"),
        Channel.PHONE: _("电话"),
        Channel.POST: _("邮寄"),
        Channel.BANK: _("银行网点"),
        Channel.HOSPITAL: _("医院"),
        Channel.VILLAGE: _("村（社区）服务点"),
        Channel.JOINT: _("一件事联办"),
        Channel.TAX: _("税务渠道"),
        Channel.DATA: _("数据共享，免申请"),
        Channel.BOX: _("意见箱"),
    },
    "handover": {
        Handover.WINDOW: _("窗口领取"),
        Handover.ONLINE: _("网上查看"),
        Handover.POST: _("邮寄到家"),
        Handover.ACCOUNT: _("打到账户"),
    },
    "medium": {
        Medium.ORIGINAL: _("原件"),
        Medium.COPY: _("复印件"),
        Medium.ANY: _("原件或复印件"),
    },
    "origin": {
        Origin.OWN: _("本人持有"),
        Origin.FORM: _("现场填写或下载"),
        Origin.HOSPITAL: _("就诊的医院"),
        Origin.EMPLOYER: _("所在单位"),
        Origin.POLICE: _("公安机关"),
        Origin.AUTHORITY: _("有关部门"),
    },
    "authority": {
        Authority.HANDLE: _("直接办理"),
        Authority.TAKE_IN: _("受理后上送"),
        Authority.ASSIST: _("帮办代办"),
        Authority.NONE: _("不提供"),
    },
    "place": {
        Place.CITY: _("市级大厅"),
        Place.COUNTY: _("县级大厅"),
        Place.TOWN: _("乡镇（街道）"),
        Place.VILLAGE: _("村（社区）"),
        Place.HOSPITAL: _("医院"),
        Place.BANK: _("银行网点"),
        Place.PHARMACY: _("药店"),
        Place.KIOSK: _("自助机"),
        Place.PHONE: _("电话"),
    },
    "confidence": {
        Confidence.HIGH: _("可靠"),
        Confidence.MEDIUM: _("一般"),
        Confidence.LOW: _("待核实"),
    },
}

FIELDS: dict[str, str | Promise] = {
    "key": _("事项键"),
    "code": _("国家编码"),
    "main": _("主项"),
    "kind": _("办件类型"),
    "name": _("事项名称"),
    "short_name": _("简称"),
    "aliases": _("别名"),
    "group": _("分组"),
    "applicants": _("申请主体"),
    "who": _("服务对象"),
    "conditions": _("受理条件"),
    "questions": _("问题"),
    "refusals": _("不予办理的情形"),
    "materials": _("申请材料"),
    "limit": _("办理时限"),
    "fee": _("收费"),
    "steps": _("办理流程"),
    "result": _("办理结果"),
    "delivery": _("结果送达"),
    "channels": _("办理方式"),
    "validity": _("有效期"),
    "levels": _("办理权限"),
    "sets": _("所属清单"),
    "high_frequency": _("高频事项"),
    "four_eyes": _("双人复核"),
    "conditional_intake": _("容缺受理"),
    "basis": _("设定依据"),
    "notes": _("温馨提示"),
    "source": _("依据来源"),
    "confidence": _("可信度"),
    "text": _("文字"),
    "hint": _("提示"),
    "choices": _("选项"),
    "when": _("适用情形"),
    "reason": _("理由"),
    "instead": _("改办事项"),
    "optional": _("可不提供"),
    "copies": _("份数"),
    "medium": _("原件或复印件"),
    "origin": _("材料来源"),
    "form": _("表格"),
    "shareable": _("数据共享免提交"),
    "deferrable": _("可容缺"),
    "commitment": _("可承诺代替"),
    "note": _("说明"),
    "instant": _("当场办结"),
    "promised": _("承诺时限（天）"),
    "statutory": _("法定时限（天）"),
    "online": _("网上时限（天）"),
    "calendar": _("按自然日计算"),
    "order": _("顺序"),
    "city": _("市级大厅"),
    "county": _("县级大厅"),
    "town": _("乡镇（街道）"),
    "village": _("村（社区）"),
    "hospital": _("医院"),
    "bank": _("银行网点"),
    "pharmacy": _("药店"),
    "kiosk": _("自助机"),
    "phone": _("电话"),
}


def field_name(path: str) -> str:
    """Name a field by its path: `materials.invoice.copies` is 申请材料 · invoice · 份数."""
    return " · ".join(str(FIELDS.get(part, part)) for part in path.split("."))


def readable(fault: str) -> str:
    """Name the field of a problem in the present language; what is at no field stays as it is."""
    if not isinstance(fault, Message) or "place" not in fault.params:
        return fault
    place, what = str(fault.params["place"]), fault.params["what"]
    assert isinstance(what, str)
    return problem(Message(field_name(place)), what) if place.isascii() else fault
