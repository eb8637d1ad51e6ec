// data-c15-print prints the page; data-c15-copy copies its text and says so; data-c15-check-all ticks a list.
import { each } from "./find.js";

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.c15Copy);
  const before = button.textContent;
  button.textContent = button.dataset.c15Copied || before;
  setTimeout(() => { button.textContent = before; }, 2000);
}

export function start(root) {
  each(root, "[data-c15-print]", (button) => button.addEventListener("click", () => window.print()));
  each(root, "[data-c15-copy]", (button) => button.addEventListener("click", () => copy(button)));
  each(root, "[data-c15-check-all]", (box) => {
    const others = () => document.querySelectorAll(`input[type=checkbox][name="${box.dataset.c15CheckAll}"]`);
    box.addEventListener("change", () => others().forEach((other) => { other.checked = box.checked; }));
  });
}
