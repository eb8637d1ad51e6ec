// The phone page of a ticket: the state that came last, an alarm when called.
import { follow } from "./live.js";

const root = document.querySelector("[data-c15-ticket]");
const all = (name) => root.querySelectorAll(`[data-c15-${name}]`);
const fill = (name, value) => all(name).forEach((place) => { place.textContent = value ?? ""; });
const hide = (name, isHidden) => all(name).forEach((place) => { place.hidden = isHidden; });
const title = document.title;

function show(ticket) {
  const before = root.dataset.c15Ticket;
  if (ticket.onward) { location.reload(); return; }
  root.dataset.c15Ticket = ticket.state;
  all("when").forEach((part) => { part.hidden = !part.dataset.c15When.split(" ").includes(ticket.state); });
  if (ticket.ahead !== null) fill("ahead", ticket.ahead);
  hide("behind", ticket.ahead === 0);
  hide("next", ticket.ahead !== 0);
  if (ticket.minutes) {
    fill("low", ticket.minutes[0]);
    fill("high", ticket.minutes[1]);
  }
  hide("minutes", !ticket.minutes);
  fill("window", ticket.window);
  fill("at", new Intl.DateTimeFormat("zh", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hour12: false }).format(new Date()));
  const go = root.querySelector(".ticket-go");
  document.title = ticket.state === "called" ? `${go.textContent.trim()} - ${title}` : title;
  if (ticket.state === "called" && before !== "called") ring();
}

// Phones make no sound on their own: the button is the leave to do so later.
let sound = null;
const button = root.querySelector("[data-c15-alarm]");
button.hidden = root.dataset.c15Ticket !== "waiting";
button.addEventListener("click", async () => {
  sound = sound || new AudioContext();
  await sound.resume();
  button.setAttribute("aria-pressed", "true");
  button.querySelector("span").textContent = button.dataset.c15On;
  beep(0);
  if (navigator.vibrate) navigator.vibrate(200);
  try { await navigator.wakeLock?.request("screen"); } catch { /* low battery: the page still tells */ }
});

function beep(after) {
  const tone = sound.createOscillator();
  const volume = sound.createGain();
  volume.gain.value = 0.4;
  tone.frequency.value = 880;
  tone.connect(volume).connect(sound.destination);
  tone.start(sound.currentTime + after);
  tone.stop(sound.currentTime + after + 0.35);
}

function ring() {
  if (navigator.vibrate) navigator.vibrate([500, 200, 500, 200, 900]);
  if (sound) [0, 0.6, 1.2].forEach(beep);
}

follow({
  stream: root.dataset.c15Stream,
  poll: root.dataset.c15Poll,
  pause: Number(root.dataset.c15Pause),
  names: ["ticket"],
  heard: (_name, ticket) => show(ticket),
  state: show,
  cut: (isCut) => hide("cut", !isCut),
});
