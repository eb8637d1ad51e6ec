// <details data-c15-menu>: closes with Escape, with a click elsewhere and when the focus leaves.
import { each } from "./find.js";

export function start(root) {
  each(root, "details[data-c15-menu]", (menu) => {
    const close = () => { menu.open = false; };
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      close();
      menu.querySelector("summary").focus();
    });
    menu.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !menu.contains(event.relatedTarget)) close();
    });
    document.addEventListener("click", (event) => {
      if (!menu.contains(event.target)) close();
    });
  });
}
