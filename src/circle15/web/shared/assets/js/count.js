// Counts what is typed as the server does: code points, line ends as one, no blanks around.
import { each } from "./find.js";

export function start(root) {
  each(root, "textarea[data-c15-count]", (area) => {
    const counter = area.form?.querySelector("[data-c15-counter]");
    if (!counter) return;
    const most = Number(area.dataset.c15Count);
    const tell = () => {
      const length = [...area.value.replace(/\r\n?/g, "\n").trim()].length;
      counter.textContent = counter.dataset.c15Words.replace("{n}", length).replace("{most}", most);
      counter.classList.toggle("field-error", length > most);
    };
    area.addEventListener("input", tell);
    tell();
  });
}
