"""Templates to begin with: the papers as the program words them, with placeholders in them."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from circle15.cases.documents.placeholders import BY_NAME, QR_CODE, SIGNATURE
from circle15.cases.paper_states import PaperKind
from circle15.core.papers.letter import Block, Grid, Letter, Pairs, Paragraph, Signatures
from circle15.core.papers.letter_docx import letter_docx


def beginning(kind: str) -> bytes:
    """Return a .docx that makes the paper the program makes itself, for editing in Word."""
    with override("zh-hans"):
        return letter_docx(
            Letter(
                title=_TITLES[PaperKind(kind)],
                number=_("办件编号：%s") % _at("受理编号"),
                blocks=_blocks(PaperKind(kind)),
                foot=f"{_at('受理网点')}　{_at('网点地址')}　{_at('网点电话')}",
            )
        )


_TITLES = {
    PaperKind.GRANTED: "办理结果通知书",
    PaperKind.REFUSED: "不予办理决定书",
    PaperKind.NOT_TAKEN_IN: "不予受理决定书",
    PaperKind.DELIVERY: "送达回证",
}
_OPENINGS = {
    PaperKind.GRANTED: "%s：您申请的“%s”已经办好。",
    PaperKind.REFUSED: "%s：您申请的“%s”，经审核不符合条件，不予办理。",
    PaperKind.NOT_TAKEN_IN: "%s：您申请的“%s”，不属于可以受理的情形，不予受理。",
    PaperKind.DELIVERY: "%s申请的“%s”，结果文书已送达。",
}
_ROWS = ("事项", "受理编号")
_OF_DECISION = (("结果", "结果"), ("依据", "法律依据"), ("理由", "说明"), ("决定日期", "日期"))
_OF_DELIVERY = ("决定", "送达方式", "送达地点", "快递单号", "送达日期", "签收人", "签收日期")


def _at(name: str) -> str:
    return BY_NAME[name].written


def _blocks(kind: PaperKind) -> tuple[Block, ...]:
    if kind == PaperKind.DELIVERY:
        more = tuple((name, _at(name)) for name in _OF_DELIVERY)
    else:
        more = tuple((title, _at(name)) for title, name in _OF_DECISION)
    rows = (
        *((name, _at(name)) for name in _ROWS),
        ("申请人", f"{_at('申请人')}　{_at('证件号码')}"),
        ("代办人", _at("代办人")),
        *more,
    )
    blocks: list[Block] = [
        Paragraph(_OPENINGS[kind] % (_at("申请人"), _at("事项"))),
        Pairs(rows),
    ]
    if kind in {PaperKind.REFUSED, PaperKind.NOT_TAKEN_IN}:
        blocks.append(Paragraph(_at("救济途径")))
    day = _at("送达日期" if kind == PaperKind.DELIVERY else "日期")
    return (*blocks, _code(), Signatures((f"领取人签字：{_at(SIGNATURE)}",), _at("办理机关"), day))


def _code() -> Grid:
    return Grid((_("手机扫码看这件事的全过程"),), ((_at(QR_CODE),),), (1,))
