// Elements of a hook inside a root, the root included, each handed out once per hook.
const done = new WeakMap();

export function each(root, selector, act) {
  const found = [...root.querySelectorAll(selector)];
  if (root instanceof Element && root.matches(selector)) found.unshift(root);
  for (const element of found) {
    const hooks = done.get(element) ?? new Set();
    if (hooks.has(selector)) continue;
    done.set(element, hooks.add(selector));
    act(element);
  }
}
