// Charts: ECharts is fetched only where a chart is, and draws on a canvas, which needs no inline style or script.

let library;
const load = () => library ??= new Promise((done, failed) => {
  const script = document.createElement("script");
  script.src = document.body.dataset.chartLibrary;
  script.onload = () => done(window.echarts);
  script.onerror = failed;
  document.head.append(script);
});

const drawn = new Map();
const palettes = {
  light: ["#1f5fbf", "#b35c00", "#1a7f5a", "#8a3ab9", "#b32b2b", "#0f7c8a", "#6b6f00", "#5c6873"],
  dark: ["#7fb0f5", "#f0ad5e", "#6fd3a8", "#cf9bf0", "#f28b8b", "#6fd0dc", "#cfd05c", "#a9b4c0"],
};

const options = (data) => {
  const dark = document.documentElement.getAttribute("data-bs-theme") === "dark";
  const ink = dark ? "#c5ced8" : "#414d59";
  const line = dark ? "#2d3742" : "#dfe3e8";
  const language = document.documentElement.lang;
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
  const short = new Intl.NumberFormat(language, { notation: "compact" });
  const value = (v) => v === null || v === undefined ? "–" : number.format(v) + (data.unit ? " " + data.unit : "");
  const common = {
    color: dark ? palettes.dark : palettes.light,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: ink },
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    aria: { enabled: true, decal: { show: data.series.length > 1 } },
    // Rich text is painted on the canvas: an HTML tooltip would need inline styles.
    tooltip: { renderMode: "richText", confine: true, valueFormatter: value, backgroundColor: dark ? "#222c37" : "#fff", textStyle: { color: ink }, borderColor: line },
  };
  if (data.kind === "funnel" || data.kind === "donut") {
    const items = data.labels.map((name, i) => ({ name, value: data.series[0].values[i] }));
    const label = { color: ink, formatter: (p) => `${p.name}: ${value(p.value)}` };
    return { ...common, tooltip: { ...common.tooltip, trigger: "item" }, series: [data.kind === "funnel"
      ? { type: "funnel", sort: "none", data: items, label: { ...label, position: "right" }, left: 10, width: "55%", top: 10, bottom: 10 }
      : { type: "pie", radius: ["45%", "70%"], data: items, label }] };
  }
  const area = data.kind === "area";
  const isLine = area || data.kind === "line";
  return {
    ...common,
    tooltip: { ...common.tooltip, trigger: "axis" },
    legend: data.series.length > 1 ? { top: 0, textStyle: { color: ink } } : undefined,
    grid: { left: 8, right: 12, top: data.series.length > 1 ? 36 : 12, bottom: 8, containLabel: true },
    xAxis: { type: "category", data: data.labels, axisLine: { lineStyle: { color: line } }, axisLabel: { color: ink, hideOverlap: true } },
    yAxis: { type: "value", splitLine: { lineStyle: { color: line } }, axisLabel: { color: ink, formatter: (v) => short.format(v) } },
    series: data.series.map((s) => ({
      name: s.name, data: s.values, type: isLine ? "line" : "bar", stack: data.kind === "stackedBar" ? "all" : undefined,
      areaStyle: area ? { opacity: 0.18 } : undefined, barMaxWidth: 36, symbolSize: 5,
    })),
  };
};

const draw = async (figure) => {
  const echarts = await load();
  if (!figure.isConnected) return;
  const canvas = figure.querySelector(".portal-chart-canvas");
  figure.dataset.shows = "chart";
  const chart = drawn.get(figure)?.chart ?? echarts.init(canvas);
  const data = JSON.parse(figure.dataset.chart);
  chart.setOption(options(data), true);
  drawn.set(figure, { chart, data });
  const button = figure.querySelector("[data-chart-switch]");
  button.hidden = false;
};

const begin = (root) => {
  for (const figure of drawn.keys()) if (!figure.isConnected) { drawn.get(figure).chart.dispose(); drawn.delete(figure); }
  for (const figure of root.querySelectorAll("[data-chart]")) if (!drawn.has(figure)) draw(figure);
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-chart-switch]");
  if (!button) return;
  const figure = button.closest("[data-chart]");
  const toTable = figure.dataset.shows === "chart";
  figure.dataset.shows = toTable ? "table" : "chart";
  button.textContent = toTable ? button.dataset.asChart : button.dataset.asTable;
  if (!toTable) drawn.get(figure).chart.resize();
});
document.documentElement.addEventListener("portal:theme", () => { for (const { chart, data } of drawn.values()) chart.setOption(options(data), true); });
addEventListener("resize", () => { for (const { chart } of drawn.values()) chart.resize(); });
document.addEventListener("htmx:load", (event) => begin(event.target));
begin(document);
