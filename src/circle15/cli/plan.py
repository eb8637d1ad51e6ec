"""`circle15 plan …`: the planning engine at the command line, without a database."""

import typer

from circle15.cli import plan_network
from circle15.cli.plan_access import ACCESS
from circle15.cli.plan_capacity import CAPACITY
from circle15.cli.plan_coverage import COVERAGE, NEAREST
from circle15.cli.plan_isochrone import ISOCHRONE
from circle15.cli.plan_referral import REFERRAL
from circle15.cli.plan_replay import replay_of
from circle15.cli.plan_siting import SITING
from circle15.cli.plan_staffing import STAFFING

STUDIES = {
    NEAREST: "每个需求点的最近网点和时间",
    COVERAGE: "若干分钟内覆盖多少人；圆圈错多少，邻区网点帮多少",
    ACCESS: "范围内每万人有多少人员或窗口（2SFCA、E2SFCA）",
    CAPACITY: "按网点容量依次覆盖，剩余人口",
    REFERRAL: "逐级转介：村、镇、医院",
    SITING: "新网点放在哪里：选址方案、上界和差距",
    STAFFING: "大厅各时段的窗口、最少的排班、等候时间",
    ISOCHRONE: "网点的等时圈（GeoJSON）",
}
"""Studies that can be recorded and replayed, in the order of the help."""

plan = typer.Typer(help="规划：路网、覆盖、选址、人员", no_args_is_help=True)
plan.command("network", help="由 OSM、GraphML 或 CSV 生成路网文件")(plan_network.network)
plan.command("scenario", help="输出缺省的出行方案（各级道路各种方式的速度），可改后使用")(
    plan_network.scenario
)
for study, told in STUDIES.items():
    plan.command(study.name, help=told)(study.command())
plan.command("replay", help="重算 --record 写下的记录，逐字节核对")(
    replay_of({study.name: study for study in STUDIES})
)
