// What the charts of the figures use of Apache ECharts, and nothing else:
//   npm i echarts@6.1.0 esbuild@0.28.2 && npx esbuild entry.js --bundle --minify --format=esm --legal-comments=none --target=es2019 --outfile=echarts.esm.min.js
export { init, use } from "echarts/core";
import { use } from "echarts/core";
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendPlainComponent, TooltipComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";
use([BarChart, LineChart, AriaComponent, GridComponent, LegendPlainComponent, TooltipComponent, SVGRenderer]);
