// A card reader or scanner is a keyboard that types fast and ends with Enter. What it types never
// reaches a field: it is gathered here and handed over whole.
const GAP_MS = 300;
const SHORTEST = 6;

export function listen(onCode, onDigit) {
  let typed = "";
  let timer = 0;

  function end() {
    const code = typed;
    typed = "";
    clearTimeout(timer);
    // A few slow digits come from somebody at a real keyboard, who types an appointment code.
    if (code.length >= SHORTEST) onCode(code);
    else for (const key of code) if (key >= "0" && key <= "9") onDigit(key);
    return code.length >= SHORTEST;
  }

  window.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Enter") {
      if (end()) swallow(event);
    } else if (/^[0-9A-Za-z]$/.test(event.key)) {
      swallow(event);
      typed += event.key;
      clearTimeout(timer);
      timer = setTimeout(end, GAP_MS);
    } else if (event.key === "Backspace") {
      onDigit("-");
    }
  }, true);
}

function swallow(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}
