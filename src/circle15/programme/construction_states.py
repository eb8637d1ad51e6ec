"""States of a construction project and its milestones, and who may bring them on."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Party(StrEnum):
    """In whose name somebody acts: the bureau above, or the site itself."""

    OFFICER = "officer"
    SITE = "site"


class ProjectState(TextChoices):
    RUNNING = "running", _("建设中")
    FINISHED = "finished", _("已建成")
    STOPPED = "stopped", _("已停止")


class ProjectStep(TextChoices):
    CONCLUDE = "conclude", _("确认建成")
    STOP = "stop", _("停止建设")
    RESUME = "resume", _("恢复建设")


class MilestoneState(TextChoices):
    PLANNED = "planned", _("未开始")
    RUNNING = "running", _("进行中")
    DONE = "done", _("已完成")


class MilestoneStep(TextChoices):
    BEGIN = "begin", _("开始")
    FINISH = "finish", _("完成")
    REOPEN = "reopen", _("退回重做")


class Phase(TextChoices):
    """What a file shows."""

    BEFORE = "before", _("改造前照片")
    AFTER = "after", _("改造后照片")
    PAPER = "paper", _("文件材料")


class GuaranteeState(TextChoices):
    OPEN = "open", _("未落实")
    PROMISED = "promised", _("落实中")
    IN_PLACE = "in_place", _("已到位")


class Standing(TextChoices):
    """How a milestone looks on a day; what is finished keeps whether it was in time."""

    PAST_HARD = "past_hard", _("超过最迟日期")
    LATE = "late", _("已逾期")
    SOON = "soon", _("即将到期")
    RUNNING = "running", _("进行中")
    PLANNED = "planned", _("未开始")
    DONE_LATE = "done_late", _("逾期完成")
    DONE = "done", _("按期完成")


# Of a milestone that should have been finished.
LATE = frozenset({Standing.PAST_HARD, Standing.LATE})


@dataclass(frozen=True, slots=True)
class Move:
    """Where a step leads, and who may take it."""

    to: str
    who: frozenset[Party]


_OFFICER = frozenset({Party.OFFICER})
_BOTH = frozenset({Party.OFFICER, Party.SITE})

PROJECT_MOVES: Mapping[str, Mapping[str, Move]] = MappingProxyType(
    {
        ProjectState.RUNNING: MappingProxyType(
            {
                ProjectStep.CONCLUDE: Move(ProjectState.FINISHED, _OFFICER),
                ProjectStep.STOP: Move(ProjectState.STOPPED, _OFFICER),
            }
        ),
        ProjectState.STOPPED: MappingProxyType(
            {ProjectStep.RESUME: Move(ProjectState.RUNNING, _OFFICER)}
        ),
        ProjectState.FINISHED: MappingProxyType({}),
    }
)
MILESTONE_MOVES: Mapping[str, Mapping[str, Move]] = MappingProxyType(
    {
        MilestoneState.PLANNED: MappingProxyType(
            {
                MilestoneStep.BEGIN: Move(MilestoneState.RUNNING, _BOTH),
                MilestoneStep.FINISH: Move(MilestoneState.DONE, _BOTH),
            }
        ),
        MilestoneState.RUNNING: MappingProxyType(
            {MilestoneStep.FINISH: Move(MilestoneState.DONE, _BOTH)}
        ),
        MilestoneState.DONE: MappingProxyType(
            {MilestoneStep.REOPEN: Move(MilestoneState.RUNNING, _OFFICER)}
        ),
    }
)
