// Which letter was struck, and whether somebody is typing a text.
export function letter(event) {
  if (event.key === "?" || event.key === "？") return "?";
  // By place, not by letter: an input method for Chinese may be on.
  return /^(Key[A-Z]|Digit[0-9])$/.test(event.code) ? event.code.slice(-1) : "";
}

// A field in a question just closed keeps the focus for a blink: nobody types there any more.
export const isTyping = (target) =>
  Boolean(target.closest?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]"))
  && !target.closest("dialog:not([open])");
