"""`circle15 plan …`: the planning engine at the command line, without a database."""

import typer

from circle15.cli import plan_coverage, plan_network, plan_siting, plan_staffing

plan = typer.Typer(help="规划：路网、覆盖、选址、人员", no_args_is_help=True)
plan.command("network", help="由 OSM、GraphML 或 CSV 生成路网文件")(plan_network.network)
plan.command("scenario", help="输出缺省的出行方案（各级道路各种方式的速度），可改后使用")(
    plan_network.scenario
)
plan.command("nearest", help="每个需求点的最近网点和时间")(plan_coverage.nearest)
plan.command("coverage", help="若干分钟内覆盖多少人")(plan_coverage.coverage)
plan.command("isochrone", help="网点的等时圈（GeoJSON）")(plan_coverage.isochrone)
plan.command("staffing", help="大厅各时段的窗口、最少的排班、等候时间")(plan_staffing.staffing)
plan.command("siting", help="新网点放在哪里：选址方案、上界和差距")(plan_siting.siting)
