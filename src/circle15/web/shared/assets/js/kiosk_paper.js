// Fetches a ticket's bytes and hands them to the print agent of this machine; says what came of it.
const AGENT_MS = 3000;
const PRINT_MS = 10000;

async function asked(agent, options = {}) {
  const reply = await fetch(agent, { cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(AGENT_MS), ...options });
  const answer = await reply.json();
  if (answer.trouble) throw new Error(answer.trouble);
  return answer;
}

async function handOver(path, agent) {
  const { width } = await asked(agent);
  const paper = await fetch(path.replace(/0\/$/, `${width}/`), { cache: "no-store", signal: AbortSignal.timeout(AGENT_MS) });
  if (!paper.ok) throw new Error(String(paper.status));
  const bytes = await paper.arrayBuffer();
  await asked(agent, { method: "POST", body: bytes, signal: AbortSignal.timeout(PRINT_MS) });
}

export async function print(root) {
  const notice = root.querySelector("[data-c15-kiosk-paper]");
  if (!notice) return;
  const words = notice.dataset;
  const say = (text, tone) => {
    notice.querySelector("span").textContent = text;
    notice.classList.add(tone);
    notice.dataset.c15KioskPrinted = tone;
  };
  try {
    await handOver(words.c15KioskPaper, root.querySelector("[data-agent]").dataset.agent);
    say(words.done, "notice-good");
  } catch (trouble) {
    say(trouble.message === "no_paper" ? words.noPaper : words.trouble, "notice-warn");
  }
}
