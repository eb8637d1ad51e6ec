// data-c15-pad: a place to sign with finger, mouse or pen; what is drawn goes along as a small PNG.
// With a field data-pad-name beside it data-pad-type writes that name, for who cannot draw.
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

function typed(canvas, pen, name) {
  pen.fillStyle = INK;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.font = `${Math.min(canvas.height * 0.5, canvas.width / (name.length + 1))}px sans-serif`;
  pen.fillText(name, canvas.width / 2, canvas.height / 2);
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
    const keep = () => {
      field.value = canvas.toDataURL("image/png");
      tell(true);
      field.dispatchEvent(new Event("change", { bubbles: true }));
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
      keep();
    };
    canvas.addEventListener("pointerup", lift);
    canvas.addEventListener("pointercancel", lift);
    again.addEventListener("click", () => {
      clear();
      tell(false);
      field.dispatchEvent(new Event("change", { bubbles: true }));
      canvas.focus();
    });
    pad.querySelector("[data-pad-type]")?.addEventListener("click", () => {
      const name = pad.querySelector("[data-pad-name]");
      if (!name.value.trim()) return void name.focus();
      clear();
      typed(canvas, pen, name.value.trim());
      keep();
    });
    // One kept earlier is shown again.
    pad.addEventListener("c15:pad-show", async ({ detail }) => {
      const picture = new Image();
      picture.src = detail;
      await picture.decode();
      pen.drawImage(picture, 0, 0);
      field.value = detail;
      tell(true);
    });
    tell(false);
    pad.hidden = false;
  });
}
