// data-c15-wall="20": one panel after another; data-c15-fresh="300": the page again with fresh numbers.
// Who likes less motion, focuses something or presses a key stops it; which panel it was outlives a reload.
import { each } from "./find.js";

const KEY = "c15-wall-panel";

each(document, "[data-c15-wall]", (wall) => {
  const panels = [...wall.querySelectorAll(".wall-panel")];
  const pause = wall.querySelector("[data-c15-wall-pause]");
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let at = Number(sessionStorage.getItem(KEY)) % panels.length || 0;
  let stopped = calm;

  const show = () => {
    panels.forEach((panel, index) => { panel.hidden = index !== at; });
    sessionStorage.setItem(KEY, String(at));
  };
  const turn = (by) => { at = (at + by + panels.length) % panels.length; show(); };
  const stop = (yes) => {
    stopped = yes;
    pause.setAttribute("aria-pressed", String(yes));
  };

  wall.dataset.c15Ready = "1";
  pause.hidden = false;
  stop(calm);
  show();
  pause.addEventListener("click", () => stop(!stopped));
  wall.addEventListener("focusin", (event) => { if (event.target !== pause && event.target !== wall) stop(true); });
  document.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight") { stop(true); turn(1); }
    else if (event.key === "ArrowLeft") { stop(true); turn(-1); }
    else if (event.target !== pause) stop(true);
  });
  setInterval(() => { if (!stopped) turn(1); }, Number(wall.dataset.c15Wall) * 1000);
  setInterval(() => location.reload(), Number(wall.dataset.c15Fresh) * 1000);
});
