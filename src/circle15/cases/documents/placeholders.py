"""What a template of a paper may ask for, `{{申请人}}` and its like, with examples to preview."""

from dataclasses import dataclass
from functools import cache
from io import BytesIO

import segno
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageDraw

from circle15.cases.paper_states import PaperKind
from circle15.core.papers.docx.filling import Picture, Value

QR_CODE, SIGNATURE = "二维码", "签名"
QR_MM, SIGNATURE_MM = 26.0, 42.0
EVERY = frozenset(PaperKind)
_REFUSALS = frozenset({PaperKind.REFUSED, PaperKind.NOT_TAKEN_IN})
_DELIVERY = frozenset({PaperKind.DELIVERY})
_DECISIONS = EVERY - _DELIVERY


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A name in braces: what comes there, an example, and the papers that have it."""

    name: str
    about: str | Promise
    example: str
    kinds: frozenset[str] = EVERY
    # Without these a paper of the kind would be no such paper.
    needed_in: frozenset[str] = frozenset()
    is_picture: bool = False

    @property
    def written(self) -> str:
        """Return it as it stands in a template."""
        return f"{{{{{self.name}}}}}"


PLACEHOLDERS = (
    Placeholder("申请人", _("姓名（脱敏）或单位名称"), "王*", needed_in=EVERY),
    Placeholder("证件号码", _("身份证号（脱敏）或统一社会信用代码"), "320681********0019"),
    Placeholder("代办人", _("代办人姓名（脱敏），没有的留空"), "王*"),
    Placeholder("事项", _("事项名称"), "城乡居民参保登记", needed_in=EVERY),
    Placeholder("受理编号", _("办件编号"), "320681-20260302-00001", needed_in=EVERY),
    Placeholder("受理日期", _("受理的日子，不予受理的没有"), "2026年3月2日"),
    Placeholder("受理网点", _("收件的网点；网上办的是大厅名称"), "启东市示范镇医保服务中心"),
    Placeholder("网点地址", _("收件网点的地址"), "启东市示范镇人民路 1 号"),
    Placeholder("网点电话", _("收件网点的电话"), "12393"),
    Placeholder("服务热线", _("医保服务热线"), "12393"),
    Placeholder("决定", _("同意办理、不予办理或不予受理"), "不予办理"),
    Placeholder("结果", _("办成后给申请人的是什么，只在同意时有"), "参保登记完成"),
    Placeholder(
        "法律依据",
        _("文件名称和条款"),
        "《社会保险法》第二十三条",
        needed_in=_REFUSALS,
    ),
    Placeholder("说明", _("经办人写的说明或理由"), "申请人已在外地参加职工医保，不能重复参保。"),
    Placeholder("日期", _("作出决定的日子"), "2026年3月6日", _DECISIONS, needed_in=_DECISIONS),
    Placeholder("办理机关", _("作出决定的机关"), "启东市医疗保障局"),
    Placeholder("文书编号", _("结果的编号，做好以后才有"), "320681-20260302-00001-R"),
    Placeholder(
        "救济途径",
        _("复议和诉讼的期限、依据"),
        "不服本决定的，可以自收到之日起 60 日内申请行政复议，或者在 6 个月内提起行政诉讼。",
        _REFUSALS,
        needed_in=_REFUSALS,
    ),
    Placeholder("送达方式", _("窗口领取、邮寄、网上查看或直接到账"), "窗口领取", _DELIVERY),
    Placeholder("送达地点", _("在哪个网点领的，窗口领取的才有"), "启东市医保大厅", _DELIVERY),
    Placeholder("快递单号", _("邮寄的才有"), "EX1234567890", _DELIVERY),
    Placeholder("送达日期", _("送出的日子"), "2026年3月9日", _DELIVERY, needed_in=_DELIVERY),
    Placeholder("签收人", _("谁领的（脱敏）"), "王*", _DELIVERY, needed_in=_DELIVERY),
    Placeholder("签收日期", _("领到的日子"), "2026年3月9日", _DELIVERY),
    Placeholder(
        SIGNATURE,
        _("领取时在屏幕上签的名（图片）；没有的留空，打印后手签"),
        "",
        is_picture=True,
    ),
    Placeholder(QR_CODE, _("看全过程的二维码（图片）"), "", is_picture=True),
)
BY_NAME = {each.name: each for each in PLACEHOLDERS}


def placeholders_of(kind: str) -> tuple[Placeholder, ...]:
    """Return what a template of a kind may ask for."""
    return tuple(each for each in PLACEHOLDERS if kind in each.kinds)


def examples(kind: str) -> dict[str, Value]:
    """Return made-up values for a preview."""
    words: dict[str, Value] = {each.name: each.example for each in placeholders_of(kind)}
    decisions = {PaperKind.REFUSED: "不予办理", PaperKind.NOT_TAKEN_IN: "不予受理"}
    words["决定"] = decisions.get(PaperKind(kind), "同意办理")
    if kind in decisions:
        words["结果"] = ""
    signature = Picture(_scribble(), SIGNATURE_MM, "签名样例")
    return words | {QR_CODE: qr_picture("https://example.invalid/"), SIGNATURE: signature}


def qr_picture(link: str) -> Picture:
    """Return the code of a link."""
    out = BytesIO()
    segno.make(link, error="m", micro=False).save(out, kind="png", scale=8, border=2)
    return Picture(out.getvalue(), QR_MM, link)


@cache
def _scribble() -> bytes:
    """Draw what may stand for a signature."""
    image = Image.new("L", (420, 140), 255)
    path = [(20, 90), (70, 30), (90, 110), (150, 40), (180, 100), (250, 50), (280, 95), (400, 60)]
    ImageDraw.Draw(image).line(path, fill=0, width=5, joint="curve")
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
