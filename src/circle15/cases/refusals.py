"""Why a case cannot go on like this, and what to do instead."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circle15.accounts.refusals import NotAllowed, Refused
from circle15.standards.text import Text


class WrongState(Refused):
    def __init__(self) -> None:
        super().__init__(_("这个办件的状态已变，现在不能这样操作，请刷新后再试。"))


class NotYours(NotAllowed):
    """The step is there, but for somebody else."""

    def __init__(self) -> None:
        super().__init__(_("这一步由其他岗位办理，请转给相应的人员。"))


class NotAuthorised(Refused):
    def __init__(self) -> None:
        super().__init__(_("本网点没有授权办理这个事项，请引导到有授权的网点。"))


class NotOnline(Refused):
    def __init__(self) -> None:
        super().__init__(_("这个事项不能在网上申请，请到窗口办理。"))


class NoCase(Refused):
    def __init__(self) -> None:
        super().__init__(_("这个事项不立办件，请按咨询或预约服务登记。"))


class SiteNotOpen(Refused):
    def __init__(self) -> None:
        super().__init__(_("网点现在不营业，不能受理；请选择其他网点。"))


class NeedsPerson(Refused):
    def __init__(self) -> None:
        super().__init__(_("请先确定为谁办理（个人或单位）。"))


class NeedsAgent(Refused):
    """An organisation does not come by itself."""

    def __init__(self) -> None:
        super().__init__(_("单位办理的，请登记单位经办人（姓名和身份证号码）。"))


class WrongApplicant(Refused):
    """The item is for another kind of applicant; the message says for which."""

    @classmethod
    def organisation_wanted(cls) -> "WrongApplicant":
        return cls(_("这个事项由单位申请，请先查找单位，再收件。"))

    @classmethod
    def person_wanted(cls) -> "WrongApplicant":
        return cls(_("这个事项由个人申请，不能由单位办理。"))


class EmptySignature(Refused):
    def __init__(self) -> None:
        super().__init__(_("签名板上没有签名，或者签得太小，请重新签；也可以在纸上签。"))


class AlreadySigned(Refused):
    def __init__(self) -> None:
        super().__init__(_("这份文书已经签过名，不能再签。"))


class OtherContents(Refused):
    def __init__(self) -> None:
        super().__init__(_("这个提交编号已用于另一份申请，请刷新页面后重新提交。"))


class NotEligible(Refused):
    """The answers say the item is not for this person."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(_("不符合办理条件：%s") % "；".join(reasons))


class QuestionsOpen(Refused):
    def __init__(self) -> None:
        super().__init__(_("还有问题没有回答，请先答完再提交。"))


class PapersMissing(Refused):
    """Papers the step needs are not there."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(_("还缺材料：%s") % "、".join(names))


class NothingMissing(Refused):
    def __init__(self) -> None:
        super().__init__(_("材料已齐全，不需要告知补正，请直接受理。"))


class NoSuchMaterial(Refused):
    def __init__(self) -> None:
        super().__init__(_("这个办件不需要这份材料，请刷新后再试。"))


class NotShareable(Refused):
    def __init__(self) -> None:
        super().__init__(_("这份材料不能用数据共享代替，请提供材料。"))


class SourceMissing(Refused):
    """Papers looked up by data, and nobody says where."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(_("数据共享的材料要写明从哪里查到（系统或登记册）：%s") % "、".join(names))


class LookedUpAhead(Refused):
    def __init__(self) -> None:
        super().__init__(_("查询数据共享的日期不能晚于今天。"))


class NotByCommitment(Refused):
    def __init__(self) -> None:
        super().__init__(_("这份材料不能用承诺书代替，请提供材料。"))


class TooManyFiles(Refused):
    def __init__(self, most: int) -> None:
        super().__init__(_("一个办件最多%(most)s个文件，请合并后上传。") % {"most": most})


class AlreadyNotified(Refused):
    def __init__(self) -> None:
        super().__init__(
            _("一次性告知书只出一次。确需再次告知的，由负责人说明原因后出具，并记录为问题。")
        )


class MoreMissing(Refused):
    """Sending back by the first notice is for what that notice named."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(_("原告知单没有列出：%s。再次告知须由负责人说明原因。") % "、".join(names))


class NeedsReason(Refused):
    def __init__(self) -> None:
        super().__init__(_("请填写原因。"))


class NeedsBasis(Refused):
    def __init__(self) -> None:
        super().__init__(_("不予受理或不予同意须写明依据的法律法规或文件条款。"))


class NotConditional(Refused):
    """No conditional intake here; the message says why."""

    @classmethod
    def item(cls) -> "NotConditional":
        return cls(_("这个事项不适用容缺受理。"))

    @classmethod
    def person(cls, until: date | None) -> "NotConditional":
        day = f"{until:%Y-%m-%d}" if until else "—"
        return cls(
            _("申请人曾有容缺承诺未兑现，%(day)s 前不适用容缺受理，请补齐材料。") % {"day": day}
        )

    @classmethod
    def organisation(cls) -> "NotConditional":
        return cls(_("这个单位一年内有容缺承诺未兑现，暂不适用容缺受理，请补齐材料。"))

    @classmethod
    def paper(cls, names: Sequence[str]) -> "NotConditional":
        return cls(_("这些材料不能容缺：%s") % "、".join(names))

    @classmethod
    def day(cls, last: date) -> "NotConditional":
        return cls(
            _("补交日期应在今天之后、%(day)s 之前（含当日）。") % {"day": f"{last:%Y-%m-%d}"}
        )

    @classmethod
    def nothing(cls) -> "NotConditional":
        return cls(_("没有缺少的材料，请直接受理。"))


class NobodyToCall(Refused):
    def __init__(self) -> None:
        super().__init__(_("这个办件没有要电话告知的事，不能查看号码。"))


class PromiseOpen(Refused):
    def __init__(self) -> None:
        super().__init__(_("容缺材料还没有补齐，不能作出同意的决定。"))


class NoPromise(Refused):
    def __init__(self) -> None:
        super().__init__(_("这个办件没有待补交的容缺材料。"))


class PromiseOver(Refused):
    def __init__(self) -> None:
        super().__init__(_("容缺补交期限已过，这个办件将按失效处理，请重新申请。"))


class NotSentUp(Refused):
    def __init__(self) -> None:
        super().__init__(_("这个办件还没有上报到办理单位，请先上报。"))


class AlreadySentUp(Refused):
    def __init__(self) -> None:
        super().__init__(_("这个办件已上报，不用重复操作。"))


class CannotTake(Refused):
    def __init__(self) -> None:
        super().__init__(_("对方没有办理这个办件的岗位，请另选一位。"))


class SameEyes(Refused):
    def __init__(self) -> None:
        super().__init__(_("复核须由另一人完成，请转交其他人员。"))


class TooLong(Refused):
    def __init__(self, most: int) -> None:
        super().__init__(_("延期后不能超过法定时限，最多还可延%(most)s天。") % {"most": most})


class NeedsTracking(Refused):
    def __init__(self) -> None:
        super().__init__(_("邮寄送达请填写快递单号（8至40位字母或数字）。"))


class NotRefused(Refused):
    def __init__(self) -> None:
        super().__init__(_("只能对不予同意的决定提出一次申诉。"))


class TooLateToAppeal(Refused):
    def __init__(self, days: int) -> None:
        super().__init__(_("申诉应在送达后%(days)s日内提出。") % {"days": days})


class BadPeriod(Refused):
    def __init__(self) -> None:
        super().__init__(_("结束日期不能早于开始日期。"))


class NothingChosen(Refused):
    def __init__(self) -> None:
        super().__init__(_("请至少选一个事项。"))


class JointRefused(Refused):
    """Items of a joint handling that can't be taken in, and why each; nothing was kept."""

    def __init__(self, problems: Sequence[tuple[Text, str]]) -> None:
        language = get_language() or ""
        each = [
            _("“%(item)s”：%(why)s") % {"item": item.in_language(language), "why": why}
            for item, why in problems
        ]
        super().__init__(_("一件都没有收，因为有不能收的：%s") % " ".join(each))
