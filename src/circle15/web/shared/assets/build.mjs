// Bundles styles, scripts and fonts into static/build. Run by `npm run build`.
import { build } from "esbuild";
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "static", "build");

rmSync(out, { recursive: true, force: true });
await build({
  absWorkingDir: here,
  entryPoints: ["css/base.css", "css/fonts.css", "css/map.css", "css/kiosk.css", "css/screen.css", "css/ticket.css", "css/counter.css", "css/cases.css", "css/ratings.css", "css/dashboards.css", "css/inspect.css", "js/base.js", "js/kiosk.js", "js/screen.js", "js/ticket.js", "js/counter.js", "js/cases.js", "js/map.js", "js/planning.js", "js/chart.js", "js/wall.js", "js/inspect.js", "js/inspect_worker.js"],
  entryNames: "[name]",
  assetNames: "files/[name]",
  outdir: out,
  bundle: true,
  minify: true,
  format: "esm",
  // Office computers keep a browser for years; the oldest engine promised is this one.
  target: ["chrome105", "firefox105", "safari16"],
  loader: { ".woff2": "file", ".png": "dataurl", ".svg": "dataurl", ".gif": "dataurl" },
  legalComments: "linked",
  logLevel: "warning",
});
