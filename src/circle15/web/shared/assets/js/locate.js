// data-c15-locate fills a field with where this device is and sends its form; 3 digits are 100 metres.
import { each } from "./find.js";

const DIGITS = 3;
const TIMEOUT_MS = 10000;

function ask(button) {
  const field = document.getElementById(button.dataset.c15Locate);
  button.setAttribute("aria-busy", "true");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      field.value = `${coords.longitude.toFixed(DIGITS)},${coords.latitude.toFixed(DIGITS)}`;
      field.form.requestSubmit();
    },
    () => {
      button.removeAttribute("aria-busy");
      button.querySelector("span").textContent = button.dataset.c15Failed;
    },
    { timeout: TIMEOUT_MS, maximumAge: 600000 },
  );
}

export function start(root) {
  each(root, "[data-c15-locate]", (button) => {
    if (!navigator.geolocation) return;
    button.hidden = false;
    button.addEventListener("click", () => ask(button));
  });
}
