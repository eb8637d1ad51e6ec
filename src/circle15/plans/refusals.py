"""Why a plan can't be asked for, stopped or repeated."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from circle15.accounts.refusals import Refused
from circle15.planning.problems import PlanningRefused


class NoNetwork(Refused):
    """There are no roads to travel on."""

    def __init__(self) -> None:
        super().__init__(
            _("本地区还没有路网。请规划人员先导入路网（OSM、GraphML 或 CSV），再做规划。")
        )


class RoadsNotReady(Refused):
    """The roads are being loaded, or too many ask at once."""

    def __init__(self) -> None:
        super().__init__(_("道路数据正在载入，请过一会儿再试。"))


class NoStartPoints(Refused):
    """Nobody to count."""

    def __init__(self) -> None:
        super().__init__(
            _("本地区没有带人口和坐标的村（社区）。请先在“批量导入”里导入村的人口和经纬度。")
        )


class NotInThisState(Refused):
    """The run has gone on meanwhile."""

    def __init__(self, state: str) -> None:
        super().__init__(
            _("这个规划现在是“%(state)s”，不能这样操作。请刷新页面。") % {"state": state}
        )


class CannotPlan(Refused):
    """The engine refuses the input; the message names everything it found."""

    def __init__(self, refused: PlanningRefused) -> None:
        language = get_language() or "zh"
        super().__init__("\n".join(problem.in_language(language) for problem in refused.problems))
