"""Words for what a service item is made of, on pages, on paper and on machines."""

from collections.abc import Iterable

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from circle15.standards.catalogue import (
    Applicant,
    Authority,
    CatalogueItem,
    Channel,
    Condition,
    Confidence,
    Handover,
    ItemKind,
    Limit,
    Material,
    Medium,
    Origin,
    Place,
)
from circle15.standards.text import Text

WORDS: dict[str, dict[str, str | Promise]] = {
    "kind": {
        ItemKind.INSTANT: _lazy("即办件"),
        ItemKind.PROMISED: _lazy("承诺件"),
        ItemKind.ADVICE: _lazy("咨询服务"),
        ItemKind.FORWARDED: _lazy("受理转办"),
        ItemKind.VISIT: _lazy("预约服务"),
    },
    "applicant": {
        Applicant.PERSON: _lazy("个人"),
        Applicant.EMPLOYER: _lazy("用人单位"),
        Applicant.PROVIDER: _lazy("医药机构"),
        Applicant.ANYONE: _lazy("任何人"),
    },
    "channel": {
        Channel.WINDOW: _lazy("窗口"),
        Channel.WEB: _lazy("网上"),
        Channel.APP: _lazy("手机应用"),
        Channel.KIOSK: _lazy("自助机"),
        Channel.PHONE: _lazy("电话"),
        Channel.POST: _lazy("邮寄"),
        Channel.BANK: _lazy("银行网点"),
        Channel.HOSPITAL: _lazy("医院"),
        Channel.VILLAGE: _lazy("村（社区）服务点"),
        Channel.JOINT: _lazy("一件事联办"),
        Channel.TAX: _lazy("税务渠道"),
        Channel.DATA: _lazy("数据共享，免申请"),
        Channel.BOX: _lazy("意见箱"),
    },
    "handover": {
        Handover.WINDOW: _lazy("窗口领取"),
        Handover.ONLINE: _lazy("网上查看"),
        Handover.POST: _lazy("邮寄到家"),
        Handover.ACCOUNT: _lazy("打到账户"),
    },
    "medium": {
        Medium.ORIGINAL: _lazy("原件"),
        Medium.COPY: _lazy("复印件"),
        Medium.ANY: _lazy("原件或复印件"),
    },
    "origin": {
        Origin.OWN: _lazy("本人持有"),
        Origin.FORM: _lazy("现场填写或下载"),
        Origin.HOSPITAL: _lazy("就诊的医院"),
        Origin.EMPLOYER: _lazy("所在单位"),
        Origin.POLICE: _lazy("公安机关"),
        Origin.AUTHORITY: _lazy("有关部门"),
    },
    "authority": {
        Authority.HANDLE: _lazy("直接办理"),
        Authority.TAKE_IN: _lazy("受理后上送"),
        Authority.ASSIST: _lazy("帮办代办"),
        Authority.NONE: _lazy("不提供"),
    },
    "place": {
        Place.CITY: _lazy("市级大厅"),
        Place.COUNTY: _lazy("县级大厅"),
        Place.TOWN: _lazy("乡镇（街道）"),
        Place.VILLAGE: _lazy("村（社区）"),
        Place.HOSPITAL: _lazy("医院"),
        Place.BANK: _lazy("银行网点"),
        Place.PHARMACY: _lazy("药店"),
        Place.KIOSK: _lazy("自助机"),
        Place.PHONE: _lazy("电话"),
    },
    "confidence": {
        Confidence.HIGH: _lazy("可靠"),
        Confidence.MEDIUM: _lazy("一般"),
        Confidence.LOW: _lazy("待核实"),
    },
}


def said(text: Text) -> str:
    """Give a text in the language of the page."""
    return text.in_language(get_language() or settings.LANGUAGE_CODE)


def listed(words: Iterable[object]) -> str:
    """Join words as a list is read."""
    return _("、").join(map(str, words))


def named(sort: str, keys: Iterable[str]) -> str:
    """Name keys of a sort, as a list is read."""
    return listed(WORDS[sort][key] for key in keys)


def limit_words(limit: Limit) -> str:
    """Say how long it takes."""
    if limit.is_instant:
        return _("当场办结")
    if limit.promised_days is None:
        return _("没有固定时限")
    return _days(limit.promised_days, is_calendar=limit.is_calendar)


def days_words(limit: Limit, days: int | None) -> str:
    """Say a number of days in the unit of a limit; "" for none."""
    return "" if days is None else _days(days, is_calendar=limit.is_calendar)


def _days(days: int, *, is_calendar: bool) -> str:
    if is_calendar:
        return ngettext("%(n)s 天内", "%(n)s 天内", days) % {"n": days}
    return ngettext("%(n)s 个工作日内", "%(n)s 个工作日内", days) % {"n": days}


def paper_words(material: Material) -> str:
    """Say what to bring of a paper: original or copy, how many, from where."""
    medium = str(WORDS["medium"][material.medium])
    copies = ngettext("%(n)s 份", "%(n)s 份", material.copies) % {"n": material.copies}
    parts = [f"{medium} {copies}"]
    if material.origin != Origin.OWN:
        parts.append(_("来源：%s") % WORDS["origin"][material.origin])
    return " · ".join(parts)


def when_words(item: CatalogueItem, conditions: Iterable[Condition]) -> str:
    """Say for whom something holds, in the words of the questions: 人员身份为灵活就业人员."""
    return _("，并且").join(_condition(item, each) for each in conditions)


def _condition(item: CatalogueItem, condition: Condition) -> str:
    question = item.question(condition.question)
    if question is None:
        return condition.question
    chosen = [question.choice(key) for key in condition.choices]
    answers = _("或").join(f"“{said(each.text)}”" for each in chosen if each)
    return _("“%(question)s”答%(answers)s") % {"question": said(question.text), "answers": answers}
