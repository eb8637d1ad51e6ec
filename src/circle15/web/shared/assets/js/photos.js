// data-c15-photos: photos are made smaller before they are sent, and sent again when the line is cut.
// The server keeps the same page once, so sending again is safe. Without this the form is sent as it is.
import { each } from "./find.js";

const LONGEST = 2200;
const SMALL_BYTES = 1_500_000;
const PAUSES_MS = [1000, 3000, 6000, 12000];

async function smaller(file) {
  if (!file.type.startsWith("image/") || file.size <= SMALL_BYTES) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const share = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * share);
    canvas.height = Math.round(picture.height * share);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const made = await new Promise((go) => canvas.toBlob(go, "image/jpeg", 0.85));
    return made && made.size < file.size ? new File([made], "photo.jpg", { type: "image/jpeg" }) : file;
  } catch {
    return file; // the server looks at it, and says what is wrong
  }
}

const wait = (ms) => new Promise((go) => { setTimeout(go, ms); });

async function sent(form, body, say) {
  for (const pause of [...PAUSES_MS, 0]) {
    try {
      return await fetch(form.action, { method: "POST", body, redirect: "follow" });
    } catch {
      if (!pause) return null;
      say(form.dataset.c15Retrying);
      await wait(pause);
    }
  }
  return null;
}

function notice(form) {
  const line = document.createElement("p");
  line.className = "notice";
  line.setAttribute("role", "status");
  form.prepend(line);
  return (words) => { line.textContent = words; };
}

async function send(form, input) {
  const say = notice(form);
  say(form.dataset.c15Sending);
  const body = new FormData(form);
  body.delete(input.name);
  for (const file of input.files) body.append(input.name, await smaller(file));
  const reply = await sent(form, body, say);
  if (reply === null) {
    say(document.body.dataset.c15Offline);
    return;
  }
  if (reply.redirected) {
    location.assign(reply.url);
    return;
  }
  show(await reply.text());
}

// A refused upload comes back as a page: its main part takes the place of this one's.
function show(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const main = page.querySelector("#main");
  document.title = page.title;
  document.querySelector("#main").replaceWith(main);
  main.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true }));
  main.querySelector("[data-error-summary]")?.focus();
}

export function start(root) {
  each(root, "form[data-c15-photos]", (form) => {
    const input = form.querySelector("input[type=file]");
    form.addEventListener("submit", (event) => {
      if (!input.files.length || event.defaultPrevented) return;
      event.preventDefault();
      send(form, input);
    });
  });
}
