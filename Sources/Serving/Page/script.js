// The page: what the user does, and how it is drawn.

import { emptyConversation, explain, page, savePrefs, send, state } from "./asking.js";
import { archive, bytes, copy, download, fetchModel, readImage, remember } from "./outside.js";
import { chooseRegion } from "./region.js";
import {
  answerText, button, drawSetting, drawTurn, el, exportPage, isBusy, settings, updateAnswer,
} from "./view.js";

const find = (id) => document.getElementById(id);

// What the buttons do

const actions = {
  retry() {
    const { turns } = state.conversation;
    if (state.running || !turns.length) return;
    const { question, images, region, answers } = turns.pop();
    const seeds = [];
    for (const { slot, seed } of answers) {
      if (seed !== undefined) seeds[slot] = Number.isSafeInteger(seed + 1) ? seed + 1 : 0;
    }
    stopEditing();
    send(question, images, { seeds, region });
    focusQuestion();
  },
  edit() {
    const { question, images, region } = state.conversation.turns.at(-1);
    if (region) return editPart(images[0], { question, region, isAgain: true });
    state.isEditing = true;
    state.images = [...images];
    find("question").value = question;
    renderComposer();
    find("question").focus();
  },
  pick(turn, slot) {
    turn.pick = slot;
    state.prefs.picks[slot]++;
    savePrefs();
    redraw(turn);
    drawn.get(turn).querySelector(".pick").focus();
    renderComposer();
    keep(state.conversation);
  },
  async copy(answer, pressed) {
    pressed.textContent = await copy(answerText(answer)).then(() => "Copied", () => "Not copied");
    setTimeout(() => (pressed.textContent = "Copy"), 1500);
  },
  saveAll() {
    const { conversation, model } = state;
    const name = fileName(conversation.title) || "conversation";
    download(`${name}.html`, exportPage(conversation, model?.id ?? "jam"), "text/html");
  },
  inpaints: () => state.model?.inpaints === true,
  editPart: (url) => editPart(url),
  save(part) {
    download(`${fileName(part.alt || "image")}.png`, bytes(part.url), "image/png");
  },
};

/** Has a part of an image drawn again; `isAgain` replaces the last question, `isSent` is called first. */
async function editPart(url, { question = "", region = null, isAgain = false, isSent } = {}) {
  const chosen = await chooseRegion(url, question, region);
  if (!chosen || state.running) return;
  if (isAgain) state.conversation.turns.pop();
  isSent?.();
  stopEditing();
  send(chosen.words, [url], { region: chosen.region });
}

function fileName(text) {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.join("-").slice(0, 60);
}

function submit(event) {
  event.preventDefault();
  if (state.running) return stop();
  const question = find("question").value.trim();
  if (!question && !state.images.length) return;
  if (state.isEditing) state.conversation.turns.pop();
  const { images } = state;
  stopEditing();
  clearQuestion();
  send(question, images);
}

function stop() {
  state.running?.controller.abort();
  return state.running?.done;
}

function stopEditing() {
  if (state.isEditing) clearQuestion();
  state.isEditing = false;
}

function clearQuestion() {
  find("question").value = "";
  state.images = [];
  refuse("");
}

/** Focuses the box where that opens no keyboard on the screen. */
function focusQuestion() {
  if (matchMedia("(hover: hover)").matches) find("question").focus();
}

// Images of a question

const maximumImages = 8;

async function addImages(files) {
  refuse("");
  for (const file of files) {
    try {
      if (state.model?.reads_images === false) throw new Error("This model does not read images.");
      if (state.images.length >= maximumImages) {
        throw new Error(`A question has at most ${maximumImages} images.`);
      }
      state.images.push(await readImage(file));
    } catch (error) {
      refuse(error.message);
    }
  }
  renderComposer();
  find("question").focus();
}

function refuse(message) {
  find("refusal").textContent = message;
  find("refusal").hidden = !message;
}

// The history

async function keep(conversation) {
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

async function openConversation(id) {
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

async function forgetAll() {
  await openConversation(null);
  await archive.clear().catch(() => {});
  renderHistory();
}

/** A button that acts when it is pressed a second time. */
function confirming(pressed, question, action) {
  const label = pressed.textContent;
  const calm = () => {
    pressed.textContent = label;
    pressed.classList.remove("sure");
  };
  pressed.addEventListener("blur", calm);
  pressed.addEventListener("click", () => {
    if (pressed.classList.contains("sure")) return calm(), action();
    pressed.classList.add("sure");
    pressed.textContent = question;
  });
  return pressed;
}

async function renderHistory() {
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

// Panels: at the side on wide screens, a sheet on narrow ones

function renderSettings() {
  const { isComparing } = state.prefs;
  if (!isComparing) state.slot = 0;
  find("settings-title").textContent = isComparing ? `Settings of ${"AB"[state.slot]}` : "Settings";
  find("slots").hidden = !isComparing;
  press(find("slots"), "slot", state.slot);
  press(find("themes"), "theme", state.prefs.theme);
  const shown = settings.filter((s) => !s.isOfImages || state.model?.draws_images !== false);
  const values = state.prefs.settings[state.slot];
  find("settings-form").replaceChildren(...shown.map((one) => drawSetting(one, values, savePrefs)));
  find("key").value = state.key;
}

function press(group, name, value) {
  for (const one of group.children) one.ariaPressed = String(one.dataset[name] === String(value));
}

function togglePanel(id) {
  const panel = find(id);
  if (panel.open) return panel.close();
  document.querySelectorAll("dialog[open]").forEach((other) => other.close());
  if (id === "history") renderHistory();
  else renderSettings();
  if (matchMedia("(min-width: 48rem)").matches) panel.show();
  else panel.showModal();
}

// Drawing from state

const touched = new Set(); // answers to bring up to date at the next frame

function touch(answer) {
  if (!touched.size) requestAnimationFrame(updateTouched);
  touched.add(answer);
}

function updateTouched() {
  keepingEnd(() => touched.forEach((answer) => updateAnswer(answer, actions)));
  touched.clear();
}

const drawn = new WeakMap(); // a turn's element

function redraw(turn) {
  const element = drawTurn(turn, turn === state.conversation.turns.at(-1), actions);
  keepingEnd(() => drawn.get(turn)?.replaceWith(element));
  drawn.set(turn, element);
}

function render() {
  const { turns, title } = state.conversation;
  turns.forEach((turn) => drawn.set(turn, drawTurn(turn, turn === turns.at(-1), actions)));
  find("turns").replaceChildren(...turns.map((turn) => drawn.get(turn)));
  find("start").hidden = turns.length > 0;
  find("model-name").hidden = turns.length === 0;
  document.title = title ? `${title} - jam` : "jam";
  renderComposer();
}

function renderComposer() {
  const { isComparing, isBlind, picks } = state.prefs;
  find("send").textContent = state.running ? "Stop" : "Ask";
  find("send").classList.toggle("stop", Boolean(state.running));
  find("compare").ariaPressed = String(isComparing);
  find("compare-bar").hidden = !isComparing;
  find("blind").checked = isBlind;
  find("picks").textContent = `Picks: A ${picks[0]}, B ${picks[1]}, equal ${picks.same}`;
  find("editing").hidden = !state.isEditing;
  find("add-image").hidden = state.model?.reads_images === false;
  growQuestion();
  find("thumbnails").hidden = !state.images.length;
  find("thumbnails").replaceChildren(...state.images.map(drawThumbnail));
}

/** Fits the box to its text in browsers that cannot do so by style. */
function growQuestion() {
  if (CSS.supports("field-sizing: content")) return;
  const { style } = find("question");
  style.height = "auto";
  style.height = `${find("question").scrollHeight}px`;
}

function drawThumbnail(url, i) {
  const remove = button("×", () => {
    state.images.splice(i, 1);
    renderComposer();
    find("question").focus();
  }, { ariaLabel: `Remove image ${i + 1}` });
  const part = actions.inpaints() && button("Edit part", () => {
    editPart(url, { isSent: () => state.images.splice(i, 1) }).then(() => {
      renderComposer();
      find("question").focus();
    });
  }, { className: "part", ariaLabel: `Edit part of image ${i + 1}` });
  return el("li", {}, el("img", { src: url, alt: `Image ${i + 1}` }), part, remove);
}

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

function scrollToEnd() {
  document.scrollingElement.scrollTop = document.scrollingElement.scrollHeight;
}

/** Changes the page, and stays at its end if it was there. */
function keepingEnd(change) {
  const { scrollHeight, scrollTop } = document.scrollingElement;
  const wasAtEnd = scrollHeight - scrollTop - innerHeight < 60;
  change();
  if (wasAtEnd) scrollToEnd();
}

function setTheme(theme) {
  state.prefs.theme = theme;
  document.documentElement.dataset.theme = theme;
  press(find("themes"), "theme", theme);
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

/** Asks the server for its model, once. */
async function connect() {
  if (state.model) return;
  state.model = await fetchModel(state.key);
  renderStart();
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

Object.assign(page, { render, renderComposer, redraw, touch, keep, scrollToEnd, connect });
setTheme(state.prefs.theme);
listen();
openConversation(location.hash.slice(1));
start();
