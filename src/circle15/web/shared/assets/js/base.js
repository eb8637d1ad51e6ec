// What every page gets. Each module looks for its own data-c15-* hooks and leaves the rest alone.
import htmx from "htmx.org";
import { start as counts } from "./count.js";
import { start as dialogs } from "./dialogs.js";
import { start as digits } from "./digits.js";
import { start as errors } from "./errors.js";
import { start as files } from "./files.js";
import { start as forms } from "./forms.js";
import { start as locate } from "./locate.js";
import { start as menus } from "./menus.js";
import { start as page } from "./page.js";
import { start as photos } from "./photos.js";
import { start as tables } from "./tables.js";

// The content security policy allows neither inline styles nor eval.
Object.assign(htmx.config, {
  includeIndicatorStyles: false,
  allowEval: false,
  allowScriptTags: false,
  selfRequestsOnly: true,
  historyCacheSize: 0,
});
window.htmx = htmx;

document.body.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]");
  if (token) event.detail.headers["X-CSRFToken"] = token.value;
});
// A refused form comes back as 422 with its errors: show it as any other answer.
document.body.addEventListener("htmx:beforeSwap", (event) => {
  if ([409, 422].includes(event.detail.xhr.status)) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

const modules = [counts, dialogs, digits, errors, files, forms, locate, menus, page, photos, tables];
const startAll = (root) => modules.forEach((start) => start(root));
startAll(document);
document.body.addEventListener("htmx:load", (event) => {
  if (event.target !== document.body) startAll(event.target);
});
