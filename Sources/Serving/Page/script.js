// The page's state, and what changes it.

import {
  Failure, archive, ask, bytes, copy, download, fetchModel, readImage, recall, remember,
} from "./outside.js";
import {
  answerText, button, drawSetting, drawTurn, el, exportPage, isBusy, settings, updateAnswer,
} from "./view.js";

const find = (id) => document.getElementById(id);

const state = {
  model: null, // of GET /v1/models
  /** @type {{id: string, title: string, updated: number, turns: import("./view.js").Turn[]}} */
  conversation: emptyConversation(),
  images: [], // data URLs that wait above the question box
  isEditing: false, // the next question replaces the last one
  running: null, // {controller, turn, done} while answers come
  slot: 0, // whose settings the panel shows
  key: recall("key", "sessionStorage") ?? "",
  prefs: {
    settings: [{}, {}],
    isComparing: false,
    isBlind: false,
    picks: { 0: 0, 1: 0, same: 0 },
    theme: "auto",
    imageSize: { width: 64, height: 64 }, // of the last image: the next one's place
    ...recall("prefs"),
  },
};

function emptyConversation() {
  const id = Date.now().toString(36) + Math.random().toString(36).slice(2, 6);
  return { id, title: "", updated: 0, turns: [] };
}

const savePrefs = () => remember("prefs", state.prefs);

// Asking

/** Asks a question of one column or two. `seeds` are those of a retry, by slot. */
async function send(question, images, seeds = []) {
  const { isComparing, isBlind, settings } = state.prefs;
  const slots = !isComparing ? [0] : isBlind && Math.random() < 0.5 ? [1, 0] : [0, 1];
  const answers = slots.map((slot, i) => {
    const own = { ...settings[slot] };
    if (seeds[slot] !== undefined) own.seed = seeds[slot];
    return { slot, settings: own, parts: [], state: i === 0 ? "asking" : "waiting" };
  });
  const turn = { question, images, answers, isBlind: isComparing && isBlind, pick: null };
  const { conversation } = state;
  conversation.turns.push(turn);
  conversation.title ||= question.slice(0, 120) || "An image";
  window.history.replaceState(null, "", `#${conversation.id}`);
  render();
  scrollToEnd();
  const controller = new AbortController();
  state.running = { controller, turn, done: run(conversation, turn, controller.signal) };
  renderComposer();
}

/** Fills the answers of a turn, all at a time. */
async function run(conversation, turn, signal) {
  await keep(conversation);
  await Promise.all(turn.answers.map(async (answer) => {
    await fill(conversation, turn, answer, signal);
    await keep(conversation);
    if (conversation === state.conversation) redraw(turn);
  }));
  state.running = null;
  renderComposer();
}

const patience = 30; // how often a busy server is asked again

async function fill(conversation, turn, answer, signal) {
  for (let attempt = 0; ; attempt++) {
    try {
      signal.throwIfAborted();
      setStatus(answer, "asking");
      await stream(conversation, turn, answer, signal);
      answer.state = "done";
    } catch (error) {
      if (error.kind === 429 && attempt < patience && !signal.aborted) {
        await pause(answer, error.wait || 5, signal);
        continue;
      }
      answer.state = signal.aborted ? "stopped" : "failed";
      if (!signal.aborted) answer.error = explain(error);
      if (error.kind === "gone") state.model = null; // it may come back with another one
    }
    say(answer.state === "done" ? "" : (answer.error ?? "Stopped."), { isEnd: true });
    return;
  }
}

async function stream(conversation, turn, answer, signal) {
  await connect();
  const { system, ...settings } = answer.settings;
  const messages = messagesOf(conversation, turn, answer);
  const request = { model: state.model.id, messages, partial_images: 1000, ...settings };
  for await (const chunk of ask(request, state.key, signal)) {
    receive(answer, chunk);
    touch(answer);
    if (Date.now() - conversation.updated > 2000) keep(conversation); // for a page closed midway
  }
}

/** Waits, and counts the seconds down under the answer. */
async function pause(answer, seconds, signal) {
  say(`The server is busy. Asks again in ${seconds} seconds.`, { isEnd: true });
  for (answer.wait = seconds; answer.wait > 0 && !signal.aborted; answer.wait--) {
    setStatus(answer, "pausing");
    await new Promise((resolve) => {
      setTimeout(resolve, 1000);
      signal.addEventListener("abort", resolve, { once: true });
    });
  }
}

function setStatus(answer, name) {
  answer.state = name;
  touch(answer);
}

/** The conversation up to the turn, as the column of `answer` has seen it. */
function messagesOf(conversation, turn, answer) {
  const messages = [];
  if (answer.settings.system) messages.push({ role: "system", content: answer.settings.system });
  const before = conversation.turns.slice(0, conversation.turns.indexOf(turn));
  for (const past of state.model.chats === false ? [] : before) {
    const slot = turn.answers.length > 1 ? answer.slot : past.pick;
    const given = past.answers.find((a) => a.slot === slot) ?? past.answers.find((a) => a.slot === 0);
    const content = given.parts.map(contentOfPart).filter(Boolean);
    if (content.length) messages.push(questionMessage(past), { role: "assistant", content: plain(content) });
  }
  return [...messages, questionMessage(turn)];
}

function questionMessage({ question, images }) {
  const content = images.map((url) => ({ type: "image_url", image_url: { url } }));
  if (question) content.push({ type: "text", text: question });
  return { role: "user", content: plain(content) };
}

function contentOfPart(part) {
  if (part.kind === "text") return part.text && { type: "text", text: part.text };
  return part.isDone && part.url &&
    { type: "image_url", image_url: { url: part.url }, alt_text: part.alt };
}

/** Content of one text is sent as a string, which every server of this API reads. */
const plain = (content) => content.length === 1 && content[0].type === "text" ? content[0].text : content;

// Receiving

/** Adds a chunk to the answer. */
function receive(answer, chunk) {
  const { delta = {}, finish_reason } = chunk.choices?.[0] ?? {};
  if (Number.isSafeInteger(chunk.seed)) answer.seed = chunk.seed;
  if (finish_reason) answer.finish = finish_reason;
  const index = delta.index ?? answer.parts.at(-1)?.index ?? 0;
  if (delta.content) {
    partOf(answer, "text", index).text += delta.content;
    say(delta.content);
  }
  if (typeof delta.alt_text === "string") partOf(answer, "image", index).alt = delta.alt_text;
  if (delta.image_progress) {
    const { count, total, url } = delta.image_progress;
    const part = partOf(answer, "image", index);
    Object.assign(part, { count: Number(count) || 0, total: Number(total) || 0 });
    show(part, url);
  }
  for (const image of delta.images ?? []) {
    const part = partOf(answer, "image", image.index ?? index);
    part.alt = image.alt_text ?? part.alt;
    part.isDone = show(part, image.image_url?.url);
    part.isRefused = !part.isDone;
    say(` Image: ${part.alt}. `);
  }
}

function partOf(answer, kind, index) {
  const known = answer.parts.find((part) => part.index === index && part.kind === kind);
  if (known) return known;
  const part = kind === "text"
    ? { kind, index, text: "" }
    : { kind, index, alt: "", count: 0, total: 0, ...state.prefs.imageSize };
  answer.parts.push(part);
  answer.parts.sort((a, b) => a.index - b.index);
  return part;
}

const pngURL = /^data:image\/png;base64,[A-Za-z0-9+/]+=*$/;

/** Shows an image of the server, which must be a PNG; its size stands in its header. */
function show(part, url) {
  if (!url || !pngURL.test(url)) return false;
  const header = bytes(url.slice(0, url.indexOf(",") + 33)); // 32 characters are 24 bytes
  if (header.length < 24) return false;
  const view = new DataView(header.buffer);
  Object.assign(part, { url, width: view.getUint32(16) || 1, height: view.getUint32(20) || 1 });
  state.prefs.imageSize = { width: part.width, height: part.height };
  return true;
}

const touched = new Set(); // answers to bring up to date at the next frame

function touch(answer) {
  if (!touched.size) requestAnimationFrame(updateTouched);
  touched.add(answer);
}

function updateTouched() {
  keepingEnd(() => touched.forEach((answer) => updateAnswer(answer, actions)));
  touched.clear();
}

// Mistakes, in one line that says what to do

const sentence = (text) => (/[.!?]$/.test(text) ? text : `${text || "Something failed"}.`);

function explain(error) {
  if (!(error instanceof Failure)) return `The page failed: ${sentence(error.message)} Press Retry.`;
  if (error.code === "context_length_exceeded") {
    return `${sentence(error.message)} Start a new conversation, or ask something shorter.`;
  }
  switch (error.kind) {
    case "gone": return "The server does not answer. Start it with jam serve, then press Retry.";
    case "lost": return "The connection was lost. What came is kept; press Retry to ask again.";
    case 401: return "The server asks for an API key. Enter it in Settings, then press Retry.";
    case 413: return "The question is too large. Press Edit and remove images, or start a new conversation.";
    case 429: return "The server is still busy. Press Retry in a while.";
    case 503: return `${sentence(error.message)} Press Retry in a moment.`;
    case "stream": return `${sentence(error.message)} Press Retry to ask again.`;
    default: return `${sentence(error.message)} Press Edit, or change the settings.`;
  }
}

// Speech: whole words to the live region, some at a time

const speech = { text: "", timer: null };

function say(text, { isEnd = false } = {}) {
  speech.text += text;
  if (isEnd) speak(true);
  else speech.timer ??= setTimeout(speak, 1500, false);
}

function speak(isEnd) {
  clearTimeout(speech.timer);
  speech.timer = null;
  const end = isEnd ? speech.text.length : speech.text.search(/\S*$/);
  const words = speech.text.slice(0, end).trim();
  speech.text = speech.text.slice(end);
  if (words) find("live").textContent = words;
}

// What the buttons do

const actions = {
  retry() {
    const { turns } = state.conversation;
    if (state.running || !turns.length) return;
    const { question, images, answers } = turns.pop();
    const seeds = [];
    for (const { slot, seed } of answers) {
      if (seed !== undefined) seeds[slot] = Number.isSafeInteger(seed + 1) ? seed + 1 : 0;
    }
    stopEditing();
    send(question, images, seeds);
    focusQuestion();
  },
  edit() {
    const { question, images } = state.conversation.turns.at(-1);
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
  save(part) {
    download(`${fileName(part.alt || "image")}.png`, bytes(part.url), "image/png");
  },
};

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
  return el("li", {}, el("img", { src: url, alt: `Image ${i + 1}` }), remove);
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
}

async function start() {
  try {
    await connect();
  } catch (error) {
    renderStart(explain(error).replace("press Retry", "try again"));
  }
  renderComposer();
}

setTheme(state.prefs.theme);
listen();
openConversation(location.hash.slice(1));
start();
