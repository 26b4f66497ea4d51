// What lies outside the page: the server, image files, and the browser's storage.

/** A mistake that the page can explain. `kind` is an HTTP status, or "gone", "lost", "stream". */
export class Failure extends Error {
  constructor(kind, message = "", { code = null, wait = 0 } = {}) {
    super(message);
    Object.assign(this, { kind, code, wait });
  }
}

// The server

async function call(path, options, key) {
  const headers = options.body instanceof FormData ? {} : { "Content-Type": "application/json" };
  if (key) headers.Authorization = `Bearer ${key}`;
  let response;
  try {
    response = await fetch(path, { ...options, headers });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Failure("gone");
  }
  if (response.ok) return response;
  const { error } = await response.json().catch(() => ({}));
  const wait = secondsUntil(response.headers.get("Retry-After"));
  throw new Failure(response.status, error?.message, { code: error?.code, wait });
}

/** The seconds that a Retry-After header asks for, which is a number or a date; 0 without one. */
function secondsUntil(header) {
  if (!header) return 0;
  const seconds = Number(header) || (Date.parse(header) - Date.now()) / 1000;
  return Math.min(600, Math.max(1, Math.ceil(seconds) || 1));
}

/** The model that the server runs, an entry of GET /v1/models. */
export async function fetchModel(key) {
  const { data } = await (await call("v1/models", {}, key)).json();
  return data[0];
}

/**
 * Asks, and yields the chunks of the answer, objects of type chat.completion.chunk. An answer that is
 * chosen among candidates comes whole: a part of it is a chunk.
 */
export async function* ask(request, key, signal) {
  const stream = !(request.candidates > 1);
  const body = JSON.stringify({ ...request, stream });
  const response = await call("v1/chat/completions", { method: "POST", body, signal }, key);
  if (stream) yield* events(response, (chunk) => chunk.choices?.[0]?.finish_reason);
  else yield* parts(await response.json().catch((error) => {
    throw error.name === "AbortError" ? error : new Failure("lost");
  }));
}

function* parts({ choices: [{ message, finish_reason }], ...answer }) {
  for (const part of message.parts) {
    const { index } = part;
    const delta = part.type === "text" ? { content: part.text, index } : { images: [part], index };
    yield { choices: [{ delta }] };
  }
  yield { ...answer, choices: [{ delta: {}, finish_reason }] };
}

/** Sends a form for an image to be edited, and yields the events of type image_edit. */
export async function* edit(body, key, signal) {
  const response = await call("v1/images/edits", { method: "POST", body, signal }, key);
  yield* events(response, (event) => event.type?.endsWith(".completed"));
}

/** The objects of a stream, one of which is the last. */
async function* events(response, isLast) {
  let isWhole = false;
  for await (const line of lines(response.body)) {
    if (!line.startsWith("data:")) continue; // a comment, a name, or the empty line after an event
    const data = line.slice(5).trim();
    if (data === "[DONE]") return;
    const event = JSON.parse(data);
    if (event.error) throw new Failure("stream", event.error.message);
    isWhole ||= Boolean(isLast(event));
    yield event;
  }
  if (!isWhole) throw new Failure("lost");
}

async function* lines(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    while (true) {
      const { value, done } = await reader.read();
      if (done) return;
      const pieces = (rest + value).split(/\r?\n/);
      rest = pieces.pop();
      yield* pieces;
    }
  } catch (error) {
    throw error.name === "AbortError" ? error : new Failure("lost");
  } finally {
    reader.cancel().catch(() => {});
  }
}

// Image files

const imageTypes = ["image/png", "image/jpeg", "image/webp", "image/gif"];
const maximumSide = 1024;

/** The file as a PNG or JPEG data URL of at most 1024 pixels a side. Redrawing drops metadata. */
export async function readImage(file) {
  const name = file.name || "The pasted file";
  if (!imageTypes.includes(file.type)) {
    throw new Error(`${name} cannot be added: images are PNG, JPEG, WebP or GIF.`);
  }
  const bitmap = await createImageBitmap(file).catch(() => {
    throw new Error(`${name} cannot be added: its image is damaged or too large.`);
  });
  const scale = Math.min(1, maximumSide / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return canvas.toDataURL(file.type === "image/jpeg" ? "image/jpeg" : "image/png", 0.92);
}

/** A PNG of the size of the image that is transparent in the region, and nowhere else. */
export async function maskOf(image, { x, y, width, height }) {
  const bitmap = await createImageBitmap(new Blob([bytes(image)]));
  const canvas = document.createElement("canvas");
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  bitmap.close();
  const context = canvas.getContext("2d");
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.clearRect(x, y, width, height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

/** Offers `content` to the user as a file. */
export function download(name, content, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** The bytes of a base64 data URL; fetch cannot read one under the page's security policy. */
export function bytes(dataURL) {
  return Uint8Array.from(atob(dataURL.slice(dataURL.indexOf(",") + 1)), (c) => c.charCodeAt(0));
}

/** Copies text, also on a plain http address, where the clipboard API is missing. */
export async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  const focused = document.activeElement;
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
  focused?.focus();
}

// Small things go to localStorage, or to sessionStorage; without it the page forgets, and works.

export function recall(name, storage = "localStorage") {
  try {
    return JSON.parse(window[storage].getItem(`jam.${name}`));
  } catch {
    return null;
  }
}

export function remember(name, value, storage = "localStorage") {
  try {
    window[storage].setItem(`jam.${name}`, JSON.stringify(value));
  } catch {}
}

// Conversations go to IndexedDB: the titles apart, so that a list does not read every image.

let opening;

function database() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("jam", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("titles", { keyPath: "id" });
      request.result.createObjectStore("conversations", { keyPath: "id" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opening;
}

/** Does `work` with both stores in one transaction, and gives what its request found. */
async function transact(mode, work) {
  const transaction = (await database()).transaction(["titles", "conversations"], mode);
  const request = work(transaction.objectStore("titles"), transaction.objectStore("conversations"));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onabort = () => reject(transaction.error);
  });
}

export const archive = {
  /** Every conversation's {id, title, updated}, the newest first. */
  async list() {
    const titles = await transact("readonly", (titles) => titles.getAll());
    return titles.sort((a, b) => b.updated - a.updated);
  },
  load: (id) => transact("readonly", (_, conversations) => conversations.get(id)),
  save: (conversation) =>
    transact("readwrite", (titles, conversations) => {
      const { id, title, updated } = conversation;
      titles.put({ id, title, updated });
      conversations.put(conversation);
    }),
  remove: (id) =>
    transact("readwrite", (titles, conversations) => {
      titles.delete(id);
      conversations.delete(id);
    }),
  clear: () =>
    transact("readwrite", (titles, conversations) => {
      titles.clear();
      conversations.clear();
    }),
};
