// The history: conversations that this browser keeps, and the panel that lists them.

import { stop, stopEditing } from "./composer.js";
import { render, scrollToEnd } from "./conversation.js";
import { button, confirming, el, find } from "./elements.js";
import { archive } from "./outside.js";
import { emptyConversation, savePrefs, state } from "./state.js";
import { isBusy } from "./view.js";

/** Saves the conversation; a browser that keeps none says so. */
export async function keep(conversation) {
  conversation.updated = Date.now();
  savePrefs();
  try {
    await archive.save(conversation);
  } catch {
    find("history-note").textContent = "This browser keeps no history now: its storage is full or off.";
    find("history-note").hidden = false;
  }
  if (find("history").open) renderHistory();
}

/** Shows a conversation that is kept, or a new one; an answer that comes is stopped. */
export async function openConversation(id) {
  await stop();
  if (find("history").matches(":modal")) find("history").close();
  const found = await archive.load(id).catch(() => null);
  for (const answer of found?.turns.flatMap((turn) => turn.answers) ?? []) {
    if (isBusy(answer)) answer.state = "stopped"; // the page was closed while it came
  }
  state.conversation = found ?? emptyConversation();
  stopEditing();
  window.history.replaceState(null, "", found ? `#${id}` : location.pathname);
  render();
  if (found) scrollToEnd();
}

async function forget(id) {
  if (id === state.conversation.id) await openConversation(null);
  await archive.remove(id).catch(() => {});
  renderHistory();
}

export async function forgetAll() {
  await openConversation(null);
  await archive.clear().catch(() => {});
  renderHistory();
}

export async function renderHistory() {
  const titles = await archive.list().catch(() => []);
  const items = titles.map(({ id, title, updated }) => {
    const open = button("", () => openConversation(id), { className: "title" });
    const day = new Date(updated).toLocaleDateString(undefined, { month: "short", day: "numeric" });
    open.append(el("span", { textContent: title }), el("small", { textContent: day }));
    if (id === state.conversation.id) open.setAttribute("aria-current", "true");
    const remove = button("Delete", null, { ariaLabel: `Delete ${title}` });
    return el("li", {}, open, confirming(remove, "Sure?", () => forget(id)));
  });
  if (!items.length) items.push(el("li", { className: "hint", textContent: "No conversations yet." }));
  find("history-list").replaceChildren(...items);
  find("delete-all").hidden = !titles.length;
}
