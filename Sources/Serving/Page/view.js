// Draws conversations and settings. Text becomes text nodes only: nothing here reads HTML.

/**
 * One part of an answer, in the server's order.
 * @typedef {{kind: "text", index: number, text: string}} TextPart
 * @typedef {{kind: "image", index: number, alt: string, url?: string, width: number,
 *   height: number, count: number, total: number, isDone?: boolean, isRefused?: boolean}} ImagePart
 *
 * `slot` 0 is A and 1 is B. `settings` are those it was asked with, under the API's names.
 * @typedef {{slot: number, settings: object, parts: (TextPart | ImagePart)[], seed?: number,
 *   state: "waiting" | "asking" | "pausing" | "done" | "stopped" | "failed",
 *   finish?: string, wait?: number, error?: string}} Answer
 *
 * `answers` stand as they are shown; `pick` is a slot, or "same". With a region, in pixels, that part
 * of the only image is drawn again.
 * @typedef {{question: string, images: string[], answers: Answer[], isBlind: boolean,
 *   pick: number | string | null,
 *   region?: {x: number, y: number, width: number, height: number} | null}} Turn
 */

/** Makes an element; `properties` are DOM properties, or attributes where there is no such one. */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter(Boolean));
  return element;
}

export const button = (label, onclick, more = {}) =>
  el("button", { type: "button", textContent: label, onclick, ...more });

// Text: paragraphs, lists, fenced code; within them bold and code

const lineKinds = [
  ["fence", /^\s*```/],
  ["heading", /^#{1,6}\s+/],
  ["ul", /^\s*[-*•]\s+/],
  ["ol", /^\s*\d{1,3}[.)]\s+/],
  ["empty", /^\s*$/],
];

/** Splits text into blocks of lines: "p", "heading", "ul", "ol" and "fence". */
function blocks(text) {
  const found = [];
  let block = null;
  for (const line of text.split(/\r?\n/)) {
    const kind = lineKinds.find(([, pattern]) => pattern.test(line))?.[0] ?? "p";
    const isInFence = block?.kind === "fence";
    if (kind === "empty" && !isInFence) block = null;
    else if (kind === "fence" && isInFence) block = null;
    else if (isInFence) block.lines.push(line);
    else if (block?.kind === kind && kind !== "heading") block.lines.push(line);
    else found.push((block = { kind, lines: kind === "fence" ? [] : [line] }));
  }
  return found;
}

function inline(text) {
  const pieces = text.split(/(\*\*[^*\n]+\*\*|`[^`\n]+`)/); // the odd ones are marked
  return pieces.map((piece, i) => {
    if (i % 2 === 0) return piece;
    if (piece[0] === "`") return el("code", { textContent: piece.slice(1, -1) });
    return el("strong", { textContent: piece.slice(2, -2) });
  });
}

function drawBlock({ kind, lines }) {
  if (kind === "fence") {
    return el("pre", { tabIndex: 0 }, el("code", { textContent: lines.join("\n") }));
  }
  if (kind === "p") return el("p", {}, ...inline(lines.join("\n")));
  const mark = lineKinds.find(([name]) => name === kind)[1];
  const items = lines.map((line) => line.replace(mark, ""));
  if (kind === "heading") return el("p", {}, el("strong", {}, ...inline(items[0])));
  const list = el(kind, {}, ...items.map((item) => el("li", {}, ...inline(item))));
  if (kind === "ol") list.start = parseInt(lines[0], 10);
  return list;
}

const sources = new WeakMap(); // what a drawn block was drawn from

/** Makes `node` show the text, and leaves the blocks alone that have not changed. */
function drawText(node, text) {
  const found = blocks(text);
  found.forEach((block, i) => {
    const source = block.kind + block.lines.join("\n");
    const old = node.children[i];
    if (old && sources.get(old) === source) return;
    const drawn = drawBlock(block);
    sources.set(drawn, source);
    if (old) old.replaceWith(drawn);
    else node.append(drawn);
  });
  while (node.children.length > found.length) node.lastChild.remove();
}

// Images

const smallestSide = 256; // CSS pixels of the longer side

function drawImage(figure, part, isGrowing, actions) {
  if (!figure.firstChild) {
    const tools = el("span", { className: "tools" },
      button("Edit part", () => actions.editPart(part.url), { title: "Have a part drawn again" }),
      button("Save PNG", () => actions.save(part)));
    const caption = el("figcaption", {}, el("span"), tools);
    figure.append(el("div", { className: "frame" }), el("progress"), caption);
  }
  const [frame, progress, caption] = figure.children;
  const scale = Math.max(1, smallestSide / Math.max(part.width, part.height));
  frame.hidden = Boolean(part.isRefused);
  figure.style.width = part.isRefused ? "" : `${part.width * scale}px`;
  frame.style.aspectRatio = `${part.width} / ${part.height}`;
  if (part.url) {
    if (!frame.firstChild) frame.append(el("img"));
    frame.firstChild.alt = part.alt || "An image without a description";
    if (frame.firstChild.src !== part.url) frame.firstChild.src = part.url;
  }
  progress.hidden = !isGrowing || part.isDone || part.isRefused;
  progress.max = part.total || 1;
  progress.value = part.count;
  progress.setAttribute("aria-label", `Drawing: ${part.alt || "an image"}`);
  caption.firstChild.textContent = part.isRefused
    ? `${part.alt} (left out: the server sent something other than a PNG)`
    : part.alt;
  caption.lastChild.hidden = !part.isDone || !part.url;
  caption.lastChild.firstChild.hidden = !actions.inpaints();
}

// Answers

const bodies = new WeakMap(); // an answer's body survives a new drawing of its turn

function bodyOf(answer) {
  if (!bodies.has(answer)) {
    const parts = el("div", { className: "parts" });
    bodies.set(answer, el("div", { className: "body" }, parts, el("p", { className: "status" })));
  }
  return bodies.get(answer);
}

export const isBusy = (answer) => ["waiting", "asking", "pausing"].includes(answer.state);

function statusOf(answer) {
  switch (answer.state) {
    case "waiting": return "Waits for the other answer.";
    case "asking": return answer.parts.length ? "" : "Reads the question";
    case "pausing": return `The server is busy. Asks again in ${answer.wait} s.`;
    case "stopped": return "Stopped.";
    case "failed": return answer.error;
    default: return answer.parts.length ? "" : "The answer is empty. Press Retry to ask again.";
  }
}

/** Brings what is drawn of an answer up to its state. */
export function updateAnswer(answer, actions) {
  const body = bodies.get(answer);
  if (!body) return;
  const [parts, status] = body.children;
  answer.parts.forEach((part, i) => {
    let node = parts.children[i];
    if (node?.dataset.part !== `${part.kind}${part.index}`) {
      const made = el(part.kind === "text" ? "div" : "figure");
      made.dataset.part = `${part.kind}${part.index}`;
      parts.insertBefore(made, node ?? null);
      node = made;
    }
    if (part.kind === "text") drawText(node, part.text);
    else drawImage(node, part, isBusy(answer), actions);
  });
  status.textContent = statusOf(answer);
  status.hidden = !status.textContent;
  status.className = `status ${answer.state}`;
}

export function answerText(answer) {
  const texts = answer.parts.map((p) => (p.kind === "text" ? p.text.trim() : `[Image: ${p.alt}]`));
  return texts.join("\n\n");
}

/** What the settings of an answer are, in short. */
function describe({ system, seed, ...numbers }) {
  const words = Object.entries(numbers).map(([key, value]) => `${key.replaceAll("_", " ")} ${value}`);
  if (system) words.push("own system prompt");
  return words.join(", ") || "no settings changed";
}

const isHidden = (turn) => turn.isBlind && turn.pick === null;
const nameOf = (turn, i) => (isHidden(turn) ? `Answer ${i + 1}` : "AB"[turn.answers[i].slot]);

function notes(turn, answer) {
  const words = [];
  if (answer.finish === "length") words.push("ended at the token limit");
  if (answer.seed !== undefined && !isHidden(turn)) words.push(`seed ${answer.seed}`);
  return words.join(" · ");
}

function drawAnswer(turn, i, actions, more) {
  const answer = turn.answers[i];
  const section = el("section", { className: "answer", ariaBusy: String(isBusy(answer)) });
  section.setAttribute("aria-label", turn.answers.length > 1 ? nameOf(turn, i) : "Answer");
  if (turn.answers.length > 1) {
    const settings = isHidden(turn) ? "" : describe(answer.settings);
    section.append(el("h3", {}, nameOf(turn, i), el("small", { textContent: settings })));
  }
  section.append(bodyOf(answer));
  updateAnswer(answer, actions);
  if (isBusy(answer)) return section;
  const foot = el("div", { className: "foot" });
  if (answer.parts.length) foot.append(button("Copy", (event) => actions.copy(answer, event.target)));
  foot.append(...more, el("span", { className: "notes", textContent: notes(turn, answer) }));
  section.append(foot);
  return section;
}

function drawPick(turn, actions) {
  if (turn.pick !== null) {
    const words = turn.pick === "same" ? "You found them equal." : `You picked ${"AB"[turn.pick]}.`;
    return el("p", { className: "pick", tabIndex: -1, textContent: words });
  }
  const choices = turn.answers.map(({ slot }, i) =>
    button(nameOf(turn, i), () => actions.pick(turn, slot)));
  const same = button("Equal", () => actions.pick(turn, "same"));
  return el("div", { className: "pick", role: "group", ariaLabel: "Which answer is better?" },
    el("span", { textContent: "Which is better?" }), ...choices, same);
}

/** Draws a question with its answers; the last one of a conversation can be asked again. */
export function drawTurn(turn, isLast, actions) {
  const isOver = !turn.answers.some(isBusy);
  const isPair = turn.answers.length > 1;
  const again = isLast && isOver
    ? [
        button("Retry", actions.retry, { title: "Ask again with the next seed" }),
        button("Edit", actions.edit, { title: "Change the question" }),
        button("Save conversation", actions.saveAll, { title: "Download it as one HTML file" }),
      ]
    : [];
  const columns = turn.answers.map((_, i) => drawAnswer(turn, i, actions, isPair ? [] : again));
  const article = el("article", { className: isPair ? "turn pair" : "turn" },
    el("h2", { textContent: turn.question }),
    turn.images.length && el("div", { className: "shown" },
      ...turn.images.map((url, i) => drawAsked(turn, url, i, actions))),
    el("div", { className: "columns" }, ...columns));
  if (isPair && isOver) {
    if (turn.answers.every((answer) => answer.parts.length)) article.append(drawPick(turn, actions));
    article.append(el("div", { className: "foot" }, ...again));
  }
  return article;
}

const drawShown = (url, i) => el("img", { src: url, alt: `Image ${i + 1} of the question` });

/** An image of the question, with the part that is to be drawn again. */
function drawAsked({ region }, url, i, actions) {
  const image = drawShown(url, i);
  const mark = region && el("i");
  const place = () => {
    const percent = (part, whole) => `${(100 * part) / whole}%`;
    mark.style.left = percent(region.x, image.naturalWidth);
    mark.style.top = percent(region.y, image.naturalHeight);
    mark.style.width = percent(region.width, image.naturalWidth);
    mark.style.height = percent(region.height, image.naturalHeight);
  };
  if (mark) image.onload = place;
  return el("div", { className: "asked" }, el("span", { className: "marked" }, image, mark),
    actions.inpaints() && button("Edit part", () => actions.editPart(url),
      { ariaLabel: `Edit part of image ${i + 1}` }));
}

// Settings: an empty field is not sent

export const settings = [
  { key: "system", label: "System prompt", kind: "text", hint: "Instructions for the whole conversation." },
  { key: "max_tokens", label: "Max tokens", min: 1, step: 1, hint: "The answer ends after this many text tokens." },
  { key: "max_images", label: "Max images", kind: "choice", choices: [0, 1, 2, 3, 4], isOfImages: true,
    hint: "The answer has at most this many images." },
  { key: "seed", label: "Seed", min: 0, max: Number.MAX_SAFE_INTEGER, step: 1,
    placeholder: "random", hint: "The same seed gives the same answer." },
  { key: "temperature", label: "Temperature", min: 0, max: 2,
    hint: "Higher makes the words vary more; 0 takes the most probable." },
  { key: "top_p", label: "Top-p", min: 0, max: 1,
    hint: "Words are drawn from the most probable ones that make up this share." },
  { key: "guidance", label: "Guidance", min: 0, max: 20, isOfImages: true,
    hint: "Higher makes an image follow its words more closely; 1 is none." },
  { key: "image_temperature", label: "Image temperature", min: 0, max: 2, isOfImages: true,
    hint: "Higher makes images vary more; 0 takes the most probable codes." },
  { key: "image_top_p", label: "Image top-p", min: 0, max: 1, isOfImages: true,
    hint: "As top-p, for the codes of an image." },
];

/** A field that puts its value into `values`, or takes it out, and then calls `save`. */
export function drawSetting(setting, values, save) {
  const { key, label, hint } = setting;
  const id = `set-${key}`;
  const input = drawInput(setting, { id, value: values[key] ?? "", "aria-describedby": `${id}-hint` });
  const reset = button("Reset", () => change(undefined, (input.value = "")), { ariaLabel: `Reset ${label}` });
  const line = el("p", { className: "hint", id: `${id}-hint`, textContent: hint });
  const change = (value) => {
    if (value === undefined) delete values[key];
    else values[key] = value;
    const isWrong = !input.validity.valid;
    input.setAttribute("aria-invalid", isWrong);
    line.textContent = isWrong ? `Not used: ${input.validationMessage}` : hint;
    reset.disabled = value === undefined && !isWrong;
    save();
  };
  input.oninput = () => change(valueOf(setting, input));
  reset.disabled = values[key] === undefined;
  return el("div", { className: "field" }, el("label", { htmlFor: id, textContent: label }), reset, input, line);
}

function drawInput({ kind, choices, min, max, step = "any", placeholder = "default" }, properties) {
  if (kind === "text") return el("textarea", { rows: 3, ...properties });
  if (kind === "choice") {
    const select = el("select", {}, el("option", { value: "", textContent: "default" }),
      ...choices.map((n) => el("option", { value: n, textContent: n })));
    return Object.assign(select, { id: properties.id, value: properties.value });
  }
  const range = { min, step, ...(max !== undefined && { max }) };
  return el("input", { type: "number", inputMode: "decimal", placeholder, ...range, ...properties });
}

function valueOf({ kind }, input) {
  if (!input.value.trim() || !input.validity.valid) return undefined;
  return kind === "text" ? input.value : Number(input.value);
}

// A conversation as one HTML file

const pageStyle = `
  :root { color-scheme: light dark }
  body { max-width: 40rem; margin: 3rem auto; padding: 0 1rem; font: 17px/1.6 system-ui, sans-serif }
  h2 { margin-top: 3rem; white-space: pre-wrap; overflow-wrap: anywhere }
  p { white-space: pre-line } pre { overflow-x: auto }
  img { width: 256px; max-width: 100% } figure { margin: 1rem 0 }
  small, figcaption { color: light-dark(#625d69, #a59eae); font-size: 0.85rem }`;

function exportAnswer(turn, i) {
  const answer = turn.answers[i];
  const parts = answer.parts.map((part) => {
    if (part.kind === "text") {
      const node = el("div");
      drawText(node, part.text);
      return node;
    }
    const image = part.url && el("img", { src: part.url, alt: part.alt });
    return el("figure", {}, image, el("figcaption", { textContent: part.alt }));
  });
  const end = [isHidden(turn) ? "" : describe(answer.settings), notes(turn, answer), statusOf(answer)];
  const heading = turn.answers.length > 1 && el("h3", { textContent: nameOf(turn, i) });
  return el("section", {}, heading, ...parts,
    el("p", {}, el("small", { textContent: end.filter(Boolean).join(" · ") })));
}

/** The conversation as the text of an HTML file that needs nothing else. */
export function exportPage({ title, turns }, model) {
  const page = document.implementation.createHTMLDocument(title);
  const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";
  page.documentElement.lang = "en";
  page.head.append(
    el("meta", { charset: "utf-8" }),
    el("meta", { httpEquiv: "Content-Security-Policy", content: policy }),
    el("meta", { name: "viewport", content: "width=device-width" }));
  page.body.append(el("h1", { textContent: `A conversation with ${model}` }));
  for (const turn of turns) {
    page.body.append(el("h2", { textContent: turn.question }), ...turn.images.map(drawShown),
      ...turn.answers.map((_, i) => exportAnswer(turn, i)));
  }
  const html = page.documentElement.outerHTML; // this page's own policy forbids a style element
  return `<!DOCTYPE html>\n${html.replace("</head>", `<style>${pageStyle}</style></head>`)}`;
}
