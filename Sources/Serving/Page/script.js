// The page begins here: its first screen, and what happens on which event.

import { explain, send } from "./asking.js";
import {
  addImages, focusQuestion, growQuestion, renderComposer, stop, stopEditing, submit,
} from "./composer.js";
import { redraw, render, scrollToEnd, touch } from "./conversation.js";
import { button, confirming, el, find } from "./elements.js";
import { forgetAll, keep, openConversation, renderHistory } from "./history.js";
import { fetchModel, remember } from "./outside.js";
import { renderSettings, setTheme } from "./settings.js";
import { page, savePrefs, state } from "./state.js";

// The first screen

const examples = [
  { text: "What is a volcano?" },
  { text: "Draw a red fox.", draws: true },
  { text: "Explain to a child what a lighthouse is." },
  { text: "Draw a cat and a dog.", draws: true },
];

function renderStart(problem = "") {
  const { model } = state;
  find("model-name").textContent = find("start-name").textContent = model?.id ?? "";
  const note = problem || (model?.chats === false ? "It answers each question on its own." : "");
  find("start-note").textContent = note;
  find("start-note").hidden = !note;
  find("question").placeholder = model?.draws_images === false ? "Ask a question" : "Ask, or ask for an image";
  const shown = examples.filter(({ draws }) => !draws || model?.draws_images !== false);
  const ask = (text) => () => (send(text, []), focusQuestion());
  const items = model ? shown.map(({ text }) => button(text, ask(text))) : [];
  if (problem) items.push(button("Try again", start));
  find("examples").replaceChildren(...items.map((item) => el("li", {}, item)));
}

/** Asks the server for its model, once. */
async function connect() {
  if (state.model) return;
  state.model = await fetchModel(state.key);
  renderStart();
  renderSettings(); // those that the server takes
  state.conversation.turns.forEach(redraw); // images have buttons by what the model can do
}

async function start() {
  try {
    await connect();
  } catch (error) {
    renderStart(explain(error).replace("press Retry", "try again"));
  }
  renderComposer();
}

// Panels: at the side on wide screens, a sheet on narrow ones

function togglePanel(id) {
  const panel = find(id);
  if (panel.open) return panel.close();
  document.querySelectorAll("dialog[open]").forEach((other) => other.close());
  if (id === "history") renderHistory();
  else renderSettings();
  if (matchMedia("(min-width: 48rem)").matches) panel.show();
  else panel.showModal();
}

// Events

function on(id, event, action) {
  find(id).addEventListener(event, action);
}

/** Escape closes a panel, ends the answer, or leaves editing, whichever comes first. */
function escape(event) {
  const panel = document.activeElement?.closest("dialog[open]") ?? document.querySelector("dialog:modal");
  if (panel) panel.close();
  else if (state.running) stop();
  else if (state.isEditing) stopEditing(), renderComposer();
  else return;
  event.preventDefault();
}

function listen() {
  on("composer", "submit", submit);
  on("question", "keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (!state.running) find("composer").requestSubmit();
  });
  on("question", "input", growQuestion);
  on("new", "click", async () => (await openConversation(null), find("question").focus()));
  on("open-history", "click", () => togglePanel("history"));
  on("open-settings", "click", () => togglePanel("settings"));
  on("compare", "click", () => {
    state.prefs.isComparing = !state.prefs.isComparing;
    savePrefs();
    renderComposer();
    renderSettings();
  });
  on("blind", "change", (event) => ((state.prefs.isBlind = event.target.checked), savePrefs()));
  on("reset-picks", "click", () => {
    state.prefs.picks = { 0: 0, 1: 0, same: 0 };
    savePrefs();
    renderComposer();
  });
  on("cancel-edit", "click", () => (stopEditing(), renderComposer(), find("question").focus()));
  confirming(find("delete-all"), "Really delete all?", forgetAll);
  on("reset-all", "click", () => {
    state.prefs.settings[state.slot] = {};
    savePrefs();
    renderSettings();
  });
  on("slots", "click", ({ target }) => {
    if (!target.dataset.slot) return;
    state.slot = Number(target.dataset.slot);
    renderSettings();
  });
  on("themes", "click", ({ target }) => {
    if (!target.dataset.theme) return;
    setTheme(target.dataset.theme);
    savePrefs();
  });
  on("key", "input", ({ target }) => {
    state.key = target.value.trim();
    remember("key", state.key, "sessionStorage");
  });
  on("settings-form", "submit", (event) => event.preventDefault());
  for (const panel of document.querySelectorAll("dialog")) {
    panel.querySelector(".close").addEventListener("click", () => panel.close());
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing) escape(event);
  });
  addEventListener("hashchange", () => openConversation(location.hash.slice(1)));
  listenForImages();
}

function listenForImages() {
  const cover = (isShown) => (find("drop").hidden = !isShown);
  on("add-image", "click", () => find("file").click());
  on("file", "change", ({ target }) => (addImages([...target.files]), (target.value = "")));
  addEventListener("paste", (event) => {
    const files = [...event.clipboardData.files];
    if (files.length) event.preventDefault(), addImages(files);
  });
  addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    cover(true);
  });
  addEventListener("dragleave", (event) => event.relatedTarget ?? cover(false));
  addEventListener("drop", (event) => {
    cover(false);
    const files = [...event.dataTransfer.files];
    if (files.length) event.preventDefault(), addImages(files);
  });
}

Object.assign(page, { render, renderComposer, redraw, touch, keep, scrollToEnd, connect });
setTheme(state.prefs.theme);
listen();
openConversation(location.hash.slice(1));
start();
