// The error summary takes the focus, and its links move it to the field.
import { each } from "./find.js";

export function start(root) {
  each(root, "[data-error-summary]", (summary) => {
    summary.focus();
    summary.addEventListener("click", (event) => {
      const link = event.target.closest("a[href^='#']");
      const field = link && document.getElementById(link.hash.slice(1));
      if (!field) return;
      event.preventDefault();
      field.closest(".field")?.scrollIntoView({ block: "center" });
      field.focus({ preventScroll: true });
    });
  });
}
