// data-c15-chart="id of a JSON block": a chart drawn beside its table twin, which holds the same numbers.
import { BarChart, LineChart, PieChart, RadarChart } from "echarts/charts";
import { DatasetComponent, GridComponent, LegendComponent, MarkLineComponent, RadarComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { each } from "./find.js";

use([BarChart, LineChart, PieChart, RadarChart, DatasetComponent, GridComponent, LegendComponent, MarkLineComponent, RadarComponent, TooltipComponent, SVGRenderer]);

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const root = () => parseFloat(getComputedStyle(document.documentElement).fontSize);

function theme() {
  const text = { color: token("--ink-2"), fontFamily: token("--font"), fontSize: root() };
  const axis = {
    axisLine: { lineStyle: { color: token("--line-2") } },
    axisTick: { show: false },
    axisLabel: { ...text, hideOverlap: true },
    nameTextStyle: text,
    splitLine: { lineStyle: { color: token("--line-1") } },
  };
  return {
    color: ["#0a655c", "#e0951f", "#17548f", "#7a4fa3", "#b3261e", "#5c7f2e"],
    textStyle: text,
    categoryAxis: { ...axis, splitLine: { show: false } },
    valueAxis: axis,
    legend: { textStyle: text, itemGap: 20 },
    bar: { itemStyle: { borderRadius: 3 }, barMaxWidth: 36 },
    line: { symbolSize: 8, lineStyle: { width: 3 } },
  };
}

// The block is either a whole ECharts option or {kind, categories, series: [{name, values}], horizontal, unit}.
function option(data) {
  if (!data.categories) return data;
  const category = { type: "category", data: data.categories, inverse: Boolean(data.horizontal) };
  const value = { type: "value", name: data.unit ?? "" };
  return {
    grid: { left: 8, right: 24, top: data.unit || data.series.length > 1 ? 44 : 16, bottom: 8, containLabel: true },
    legend: data.series.length > 1 ? { top: 0, right: 0 } : undefined,
    xAxis: data.horizontal ? value : category,
    yAxis: data.horizontal ? category : value,
    series: data.series.map(({ name, values, stack }) => ({ type: data.kind ?? "bar", name, data: values, stack, label: { show: data.series.length === 1 && values.length <= 15, position: data.horizontal ? "right" : "top", color: token("--ink"), fontSize: root(), fontFamily: token("--font") } })),
  };
}

function draw(plot) {
  const data = JSON.parse(document.getElementById(plot.dataset.c15Chart).textContent);
  const chart = init(plot, theme(), { renderer: "svg" });
  chart.setOption({
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches && 400,
    animationDuration: 400,
    tooltip: { trigger: "axis", renderMode: "richText", confine: true, axisPointer: { type: "shadow" } },
    aria: { enabled: false, decal: { show: Boolean(data.series?.length > 1) } },
    ...option(data),
  });
  // The figure's own words describe it; the drawing is decoration for the screen reader.
  plot.firstElementChild?.setAttribute("aria-hidden", "true");
  plot.dataset.c15Ready = "1";
  new ResizeObserver(() => chart.resize()).observe(plot);
}

each(document, "[data-c15-chart]", draw);
