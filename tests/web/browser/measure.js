// Measurements a test takes in the page. Evaluated by the test, so the page's own policy stays on.
globalThis.c15Measure = (() => {
  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0'], [role=button]";
  const name = (e) => `${e.tagName.toLowerCase()} "${(e.getAttribute("aria-label") || e.textContent || e.name || "").trim().replace(/\s+/g, " ").slice(0, 20)}"`;
  const rounded = (n) => Math.round(n * 10) / 10;

  function seen(element) {
    if (element.closest("[hidden], [aria-hidden=true], .visually-hidden")) return false;
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    return style.visibility !== "hidden" && style.display !== "none" && box.width > 0 && box.height > 0;
  }

  function* words() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.data.trim();
      const parent = node.parentElement;
      if (text && !parent.closest("script, style, noscript, option, svg") && seen(parent)) yield { text, parent };
    }
  }

  function smallText(atLeast, lineAtLeast) {
    const faults = new Set();
    for (const { text, parent } of words()) {
      const style = getComputedStyle(parent);
      const size = parseFloat(style.fontSize);
      const line = parseFloat(style.lineHeight) / size;
      if (size < atLeast - 0.01) faults.add(`text of ${rounded(size)}px: "${text.slice(0, 20)}"`);
      if (text.length > 40 && line < lineAtLeast - 0.001) faults.add(`lines at ${rounded(line)}: "${text.slice(0, 20)}"`);
    }
    return [...faults];
  }

  // A link inside a sentence is as high as its line; everything else is a target of its own.
  function inSentence(element) {
    if (element.tagName !== "A" || getComputedStyle(element).display !== "inline") return false;
    return element.parentElement.textContent.trim().length > element.textContent.trim().length + 2;
  }

  function reach(element) {
    const boxes = [element, ...(["checkbox", "radio"].includes(element.type) ? element.labels : [])].map((e) => e.getBoundingClientRect());
    return {
      width: Math.max(...boxes.map((b) => b.right)) - Math.min(...boxes.map((b) => b.left)),
      height: Math.max(...boxes.map((b) => b.bottom)) - Math.min(...boxes.map((b) => b.top)),
    };
  }

  function smallTargets(atLeast) {
    return [...document.querySelectorAll(CONTROLS)]
      .filter((e) => seen(e) && !e.disabled && !inSentence(e))
      .map((e) => ({ e, ...reach(e) }))
      .filter(({ width, height }) => Math.min(width, height) < atLeast - 0.5)
      .map(({ e, width, height }) => `target of ${Math.round(width)}x${Math.round(height)}px: ${name(e)}`);
  }

  // The widest spacing a reader may set (WCAG 1.4.12) must cut nothing off.
  function cutText() {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }");
    const before = document.adoptedStyleSheets;
    document.adoptedStyleSheets = [...before, sheet];
    const hides = (e) => /hidden|clip/.test(getComputedStyle(e).overflow);
    const over = (e) => e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1;
    const faults = [...document.querySelectorAll("body *")]
      .filter((e) => e.clientHeight > 1 && e.textContent.trim() && seen(e) && hides(e) && over(e))
      .map((e) => `text cut off in ${e.tagName.toLowerCase()}.${e.getAttribute("class")}`);
    document.adoptedStyleSheets = before;
    return faults;
  }

  // Numbers every stop of the keyboard; of a radio group one stop is enough.
  function numberStops() {
    const groups = new Set();
    const stops = [...document.querySelectorAll(CONTROLS)].filter((e) => {
      if (!seen(e) || e.disabled || e.tabIndex < 0) return false;
      if (e.type !== "radio") return true;
      return !groups.has(e.name) && groups.add(e.name);
    });
    for (const e of document.querySelectorAll("[data-stop]")) delete e.dataset.stop;
    stops.forEach((e, i) => { e.dataset.stop = i; });
    // The walk starts at the top even where the page has put its focus elsewhere.
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute("tabindex");
    return stops.map(name);
  }

  // How many of the numbered stops the page still has: what is drawn anew meanwhile has no number.
  function stopsLeft() {
    return document.querySelectorAll("[data-stop]").length;
  }

  function focused() {
    const e = document.activeElement;
    if (!e || e === document.body) return null;
    const style = getComputedStyle(e);
    const box = e.getBoundingClientRect();
    // Of a stop larger than the screen, the part on the screen.
    const middle = (from, to, most) => (Math.max(from, 0) + Math.min(to, most)) / 2;
    const top = document.elementFromPoint(middle(box.left, box.right, innerWidth), middle(box.top, box.bottom, innerHeight));
    const ring = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
    const group = e.type === "radio" && document.querySelector(`[type=radio][data-stop][name="${CSS.escape(e.name)}"]`);
    return {
      stop: (group || e).dataset.stop ?? null,
      name: name(e),
      ring,
      covered: box.width > 1 && !(top && (e.contains(top) || top.contains(e) || top.tagName === "LABEL")),
    };
  }

  return { smallText, smallTargets, cutText, numberStops, stopsLeft, focused };
})();
