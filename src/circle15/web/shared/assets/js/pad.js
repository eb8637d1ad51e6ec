// data-c15-pad: a place to sign with finger, mouse or pen; what is drawn goes along as a small PNG.
import { each } from "./find.js";

const INK = "#111", PEN = 3.2;

function drawing(canvas) {
  const pen = canvas.getContext("2d");
  const clear = () => {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
  };
  pen.lineCap = pen.lineJoin = "round";
  pen.strokeStyle = INK;
  pen.lineWidth = PEN * 2;
  clear();
  return { pen, clear };
}

// Where on the picture a finger is, whatever the size the canvas is shown at.
function place(canvas, event) {
  const box = canvas.getBoundingClientRect();
  return [
    (event.clientX - box.left) * (canvas.width / box.width),
    (event.clientY - box.top) * (canvas.height / box.height),
  ];
}

export function start(root) {
  each(root, "[data-c15-pad]", (pad) => {
    const canvas = pad.querySelector("canvas");
    const field = pad.querySelector('input[type="hidden"]');
    const state = pad.querySelector("[data-pad-state]");
    const again = pad.querySelector("[data-pad-clear]");
    const { pen, clear } = drawing(canvas);
    let isDown = false;

    const tell = (isSigned) => {
      pad.classList.toggle("is-signed", isSigned);
      again.disabled = !isSigned;
      state.textContent = isSigned ? pad.dataset.signed : "";
      if (!isSigned) field.value = "";
    };
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button > 0) return;
      event.preventDefault();
      canvas.setPointerCapture(event.pointerId);
      isDown = true;
      pen.beginPath();
      pen.moveTo(...place(canvas, event));
      pen.lineTo(...place(canvas, event));
      pen.stroke();
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!isDown) return;
      const steps = event.getCoalescedEvents?.() ?? [];
      (steps.length ? steps : [event]).forEach((step) => pen.lineTo(...place(canvas, step)));
      pen.stroke();
    });
    const lift = () => {
      if (!isDown) return;
      isDown = false;
      field.value = canvas.toDataURL("image/png");
      tell(true);
    };
    canvas.addEventListener("pointerup", lift);
    canvas.addEventListener("pointercancel", lift);
    again.addEventListener("click", () => { clear(); tell(false); canvas.focus(); });
    tell(false);
    pad.hidden = false;
  });
}
