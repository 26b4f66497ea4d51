// Answers: what is asked of the server, and what comes back.

import { find } from "./elements.js";
import { Failure, ask, bytes, edit, maskOf } from "./outside.js";
import { usable } from "./settings.js";
import { page, state } from "./state.js";

/**
 * Asks a question of one column or two. `seeds` are those of a retry, by slot; with a `region`,
 * {x, y, width, height} in pixels of the only image, that part of it is drawn again.
 */
export async function send(question, images, { seeds = [], region = null } = {}) {
  const { isComparing, isBlind, settings } = state.prefs;
  const slots = !isComparing ? [0] : isBlind && Math.random() < 0.5 ? [1, 0] : [0, 1];
  const answers = slots.map((slot, i) => {
    const own = { ...settings[slot] };
    if (seeds[slot] !== undefined) own.seed = seeds[slot];
    return { slot, settings: own, parts: [], state: i === 0 ? "asking" : "waiting" };
  });
  const turn = { question, images, region, answers, isBlind: isComparing && isBlind, pick: null };
  const { conversation } = state;
  conversation.turns.push(turn);
  conversation.title ||= question.slice(0, 120) || "An image";
  window.history.replaceState(null, "", `#${conversation.id}`);
  page.render();
  page.scrollToEnd();
  const controller = new AbortController();
  state.running = { controller, turn, done: run(conversation, turn, controller.signal) };
  page.renderComposer();
}

/** Fills the answers of a turn, all at a time. */
async function run(conversation, turn, signal) {
  await page.keep(conversation);
  await Promise.all(turn.answers.map(async (answer) => {
    await fill(conversation, turn, answer, signal);
    await page.keep(conversation);
    if (conversation === state.conversation) page.redraw(turn);
  }));
  state.running = null;
  page.renderComposer();
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
  await page.connect();
  answer.settings = usable(answer.settings);
  if (turn.region) answer.settings = only(editSettings, answer.settings);
  const chunks = turn.region
    ? edit(await editForm(turn, answer), state.key, signal)
    : ask(requestOf(conversation, turn, answer), state.key, signal);
  for await (const chunk of chunks) {
    if (turn.region) receiveEdit(answer, chunk, turn.question);
    else receive(answer, chunk);
    page.touch(answer);
    if (Date.now() - conversation.updated > 2000) page.keep(conversation); // for a page closed midway
  }
}

function requestOf(conversation, turn, answer) {
  const { system, ...settings } = answer.settings;
  const messages = messagesOf(conversation, turn, answer);
  return { model: state.model.id, messages, partial_images: 1000, ...settings };
}

const editSettings = ["seed", "guidance", "image_temperature", "image_top_p"];

const only = (keys, object) =>
  Object.fromEntries(Object.entries(object).filter(([key]) => keys.includes(key)));

/** The form that asks for a part of the image to be drawn again. */
async function editForm({ question, images: [image], region }, { settings }) {
  const form = new FormData();
  const fields = { model: state.model.id, prompt: question, stream: true, partial_images: 1000 };
  for (const [key, value] of Object.entries({ ...fields, ...settings })) form.append(key, value);
  form.append("image", new Blob([bytes(image)]), "image");
  form.append("mask", await maskOf(image, region), "mask.png");
  return form;
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
  page.touch(answer);
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
  if (chunk.retrieved_documents) answer.retrieved = chunk.retrieved_documents;
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

/** Adds an event of an image that is edited, which is the only part of its answer. */
function receiveEdit(answer, event, words) {
  if (Number.isSafeInteger(event.seed)) answer.seed = event.seed;
  const part = partOf(answer, "image", 0);
  Object.assign(part, event.image_progress);
  part.alt = event.revised_prompt ?? words;
  const isShown = show(part, event.b64_json && `data:image/png;base64,${event.b64_json}`);
  if (!event.type.endsWith(".completed")) return;
  part.isDone = isShown;
  part.isRefused = !isShown;
  say(` Image: ${part.alt}. `);
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

// Mistakes, in one line that says what to do

const sentence = (text) => (/[.!?]$/.test(text) ? text : `${text || "Something failed"}.`);

export function explain(error) {
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
