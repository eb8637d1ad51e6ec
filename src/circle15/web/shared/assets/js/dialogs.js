// data-c15-open="id" opens a <dialog>; data-c15-close closes the one around it. Focus returns by itself.
import { each } from "./find.js";

export function start(root) {
  each(root, "[data-c15-open]", (button) => {
    button.addEventListener("click", () => document.getElementById(button.dataset.c15Open)?.showModal());
  });
  each(root, "[data-c15-close]", (button) => {
    button.addEventListener("click", () => button.closest("dialog")?.close());
  });
}
