// The canonical form of answers and its SHA-256, equal to what the server computes (RFC 8785 for
// the values sent: no numbers among them, they are written as typed).
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const pairs = Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${pairs.join(",")}}`;
}

export async function sha256(told) {
  const bytes = typeof told === "string" ? new TextEncoder().encode(told) : told;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
