// Send once, never into the void, warn before typed words are lost, submit filters at a change.
import { each } from "./find.js";

const BUSY_MS = 15000;

function sendOnce(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.c15Sent) {
      event.preventDefault();
      return;
    }
    if (event.defaultPrevented) return;
    if (!navigator.onLine) {
      event.preventDefault();
      say(form, document.body.dataset.c15Offline);
      return;
    }
    form.dataset.c15Sent = "1";
    delete form.dataset.c15Dirty;
    event.submitter?.setAttribute("aria-busy", "true");
    setTimeout(() => release(form), BUSY_MS);
  });
}

// Sent without a network, the browser would show its own page in place of what was typed.
function say(form, words) {
  const notice = form.querySelector(".form-offline") ?? document.createElement("p");
  notice.className = "notice notice-bad form-offline";
  notice.setAttribute("role", "alert");
  notice.textContent = words;
  form.prepend(notice);
  notice.scrollIntoView({ block: "nearest" });
}

window.addEventListener("online", () => document.querySelectorAll(".form-offline").forEach((notice) => notice.remove()));

function release(form) {
  delete form.dataset.c15Sent;
  form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
}

// A page taken back from the browser's memory may be sent again.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form").forEach(release);
});
window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-c15-dirty]")) event.preventDefault();
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target instanceof HTMLFormElement) release(event.target);
});

export function start(root) {
  each(root, "form[method=post]", sendOnce);
  each(root, "form[data-c15-keep]", (form) => {
    form.addEventListener("input", () => { form.dataset.c15Dirty = "1"; });
  });
  each(root, "[data-c15-submit-on-change]", (control) => {
    control.addEventListener("change", () => control.form?.requestSubmit());
  });
}
