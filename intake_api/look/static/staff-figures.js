// Charts of the figures: drawn from the same numbers as the tables beside them. Without this file,
// or where it fails, the tables say it all.
import { init } from "./vendor/echarts/echarts.esm.min.js";

const all = (query) => [...document.querySelectorAll(query)];
const words = new Intl.NumberFormat("vi-VN");
const dark = matchMedia("(prefers-color-scheme: dark)");
const still = matchMedia("(prefers-reduced-motion: reduce)");
const LINE = 26; // height of a bar's row
const drawn = [];

function colours(onPaper) {
  const css = getComputedStyle(document.documentElement);
  const token = (name) => css.getPropertyValue(`--ln-${name}`).trim();
  if (onPaper) return { ink: "#000", quiet: "#333", line: "#bbb", now: "#0b4f8a", before: "#9aa7b2" };
  return { ink: token("ink"), quiet: token("ink-2"), line: token("line"), now: token("action"), before: token("edge") };
}

function option(chart, place, title, onPaper) {
  const bars = chart.kind === "bars";
  const narrow = !onPaper && place.clientWidth < 480;
  const { ink, quiet, line, now, before } = colours(onPaper);
  const text = { color: quiet, fontFamily: "Be Vietnam Pro, system-ui, sans-serif", fontSize: narrow ? 11 : 12 };
  const names = {
    type: "category", data: chart.labels, inverse: bars, axisTick: { show: false }, axisLine: { lineStyle: { color: line } },
    axisLabel: bars
      ? { ...text, color: ink, width: narrow ? 110 : 190, overflow: "truncate" }
      : { ...text, hideOverlap: true, formatter: (said) => said.split(" – ")[0].replace("Tháng ", "") },
  };
  const values = { type: "value", minInterval: 1, axisLabel: { ...text, formatter: (n) => words.format(n) }, splitLine: { lineStyle: { color: line } } };
  return {
    animation: !still.matches && !onPaper,
    color: [now, before],
    textStyle: text,
    aria: { enabled: true, label: { description: `${title}. Số liệu đầy đủ ở bảng bên cạnh.` }, decal: { show: bars } },
    grid: { left: 4, right: 16, top: 34, bottom: 4, containLabel: true },
    legend: { top: 0, left: 0, textStyle: { ...text, color: ink }, itemWidth: 18, itemHeight: 12 },
    // Text, not HTML: nothing on this page may carry styles of its own.
    tooltip: { trigger: "axis", renderMode: "richText", confine: true, axisPointer: { type: bars ? "shadow" : "line" }, valueFormatter: (n) => (n === null || n === undefined ? "được che" : words.format(n)) },
    xAxis: bars ? values : names,
    yAxis: bars ? names : values,
    series: chart.series.map((one, index) => ({
      name: one.name, data: one.values, type: bars ? "bar" : "line", barMaxWidth: 14, barGap: "10%",
      symbol: index ? "emptyCircle" : "circle", symbolSize: 6,
      lineStyle: { width: 2, type: index ? "dashed" : "solid" },
    })),
  };
}

// A sheet's size is not known before it is laid out: charts are drawn for the width of A4.
const PAPER = { width: 640, height: 180 };

function draw(one, onPaper = false) {
  const height = onPaper && one.chart.kind === "line" ? PAPER.height : one.height;
  one.place.style.height = `${height}px`;
  one.view.resize(onPaper ? { width: PAPER.width, height } : { width: "auto", height: "auto" });
  one.view.setOption(option(one.chart, one.place, one.title, onPaper), true);
}

for (const place of all("[data-chart]")) {
  const chart = JSON.parse(document.getElementById(place.dataset.chart).textContent);
  place.hidden = false;
  const height = chart.kind === "bars" ? Math.max(150, 60 + chart.labels.length * LINE * 1.35) : 280;
  place.style.height = `${height}px`; // its view is made with the place's size
  const one = { place, chart, height, title: place.dataset.title, view: init(place, null, { renderer: "svg" }) };
  drawn.push(one);
  draw(one);
}
new ResizeObserver(() => drawn.forEach((one) => draw(one))).observe(document.querySelector(".sf-figures") ?? document.body);
dark.addEventListener("change", () => drawn.forEach((one) => draw(one)));
addEventListener("beforeprint", () => drawn.forEach((one) => draw(one, true)));
addEventListener("afterprint", () => drawn.forEach((one) => draw(one)));
