// A table wider than its place scrolls inside a region that the keyboard can reach; a fitting one is no stop.
import { each } from "./find.js";

function fit(region) {
  region.classList.remove("is-wide");
  const wide = region.scrollWidth > region.clientWidth + 1;
  region.classList.toggle("is-wide", wide);
  if (wide) region.tabIndex = 0;
  else region.removeAttribute("tabindex");
}

const watcher = new ResizeObserver((entries) => entries.forEach((entry) => fit(entry.target)));

export function start(root) {
  each(root, ".table-region", (region) => watcher.observe(region));
}
