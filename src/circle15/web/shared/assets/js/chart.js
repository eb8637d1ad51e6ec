// data-c15-chart="id of a JSON block": a chart drawn beside its table twin, which holds the same numbers.
import { BarChart, LineChart, PieChart, RadarChart } from "echarts/charts";
import { AriaComponent, DatasetComponent, GridComponent, LegendComponent, MarkLineComponent, RadarComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { each } from "./find.js";

use([BarChart, LineChart, PieChart, RadarChart, AriaComponent, DatasetComponent, GridComponent, LegendComponent, MarkLineComponent, RadarComponent, TooltipComponent, SVGRenderer]);

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const root = () => parseFloat(getComputedStyle(document.documentElement).fontSize);

const ON_LIGHT = ["#0a655c", "#e0951f", "#17548f", "#7a4fa3", "#b3261e", "#5c7f2e"];
const ON_DARK = ["#7fe0d3", "#ffb84d", "#9cc9ff", "#d5b3ff", "#ffa199", "#c3e08a"];

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
    color: document.documentElement.dataset.mode === "wall" ? ON_DARK : ON_LIGHT,
    textStyle: text,
    categoryAxis: { ...axis, splitLine: { show: false } },
    valueAxis: axis,
    legend: { textStyle: text, itemGap: 20 },
    bar: { itemStyle: { borderRadius: 3 }, barMaxWidth: 36 },
    line: { symbolSize: 8, lineStyle: { width: 3 } },
  };
}

// Lines differ by their sign and dashes too, not by colour alone.
const LINES = [
  { symbol: "circle", lineStyle: { width: 3, type: "solid" } },
  { symbol: "rect", lineStyle: { width: 3, type: "dashed" } },
  { symbol: "triangle", lineStyle: { width: 3, type: "dotted" } },
  { symbol: "diamond", lineStyle: { width: 3, type: [12, 4, 3, 4] } },
];

// The block is either a whole ECharts option or {kind, categories, series: [{name, values}], horizontal, unit, scale}.
// With `scale` the axis of values does not begin at 0: for a trend, never for bars.
function option(data) {
  if (!data.categories) return data;
  const category = { type: "category", data: data.categories, inverse: Boolean(data.horizontal) };
  const value = { type: "value", name: data.unit ?? "", scale: Boolean(data.scale) };
  return {
    grid: { left: 8, right: 24, top: data.unit || data.series.length > 1 ? 44 : 16, bottom: 8, containLabel: true },
    legend: data.series.length > 1 ? { top: 0, right: 0 } : undefined,
    xAxis: data.horizontal ? value : category,
    yAxis: data.horizontal ? category : value,
    series: data.series.map(({ name, values, stack }, index) => ({ ...(data.kind === "line" && LINES[index % LINES.length]), type: data.kind ?? "bar", name, data: values, stack, label: { show: data.series.length === 1 && values.length <= 15, position: data.horizontal ? "right" : "top", color: token("--ink"), fontSize: root(), fontFamily: token("--font") } })),
  };
}

function draw(plot) {
  const data = JSON.parse(document.getElementById(plot.dataset.c15Chart).textContent);
  const chart = init(plot, theme(), { renderer: "svg" });
  chart.setOption({
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches && 400,
    animationDuration: 400,
    tooltip: { trigger: "axis", renderMode: "richText", confine: true, axisPointer: { type: "shadow" } },
    // Patterns beside colours; the words of its own are left out, they read the index as data.
    aria: { enabled: true, label: { enabled: false }, decal: { show: Boolean(data.series?.length > 1) } },
    ...option(data),
  });
  // The figure's own words describe it; the drawing is decoration for the screen reader.
  plot.firstElementChild?.setAttribute("aria-hidden", "true");
  plot.dataset.c15Ready = "1";
  new ResizeObserver(() => chart.resize()).observe(plot);
}

each(document, "[data-c15-chart]", draw);
