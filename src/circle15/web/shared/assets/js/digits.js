// Short forms by keyboard: a digit picks that choice and goes on to the first field to be typed.
import { each } from "./find.js";
import { isTyping, letter } from "./keys.js";

export function start(root) {
  each(root, "[data-c15-digits]", (form) => {
    const group = form.querySelector("input[type=radio]")?.name;
    const choices = [...form.querySelectorAll(`input[type=radio][name="${group}"]`)];
    document.addEventListener("keydown", (event) => {
      const key = letter(event);
      if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
      const choice = /^[1-9]$/.test(key) ? choices[Number(key) - 1] : null;
      if (!choice) return;
      event.preventDefault();
      choice.click();
      form.querySelector("[data-c15-first]")?.focus();
    });
  });
}
