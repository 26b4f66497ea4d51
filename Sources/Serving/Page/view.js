// Draws questions and answers. Text becomes text nodes only: nothing here reads HTML.

import { button, el } from "./elements.js";

/**
 * One part of an answer, in the server's order.
 * @typedef {{kind: "text", index: number, text: string}} TextPart
 * @typedef {{kind: "image", index: number, alt: string, url?: string, width: number,
 *   height: number, count: number, total: number, isDone?: boolean, isRefused?: boolean}} ImagePart
 *
 * `slot` 0 is A and 1 is B. `settings` are those it was asked with, under the API's names.
 * @typedef {{slot: number, settings: object, parts: (TextPart | ImagePart)[], seed?: number,
 *   state: "waiting" | "asking" | "pausing" | "done" | "stopped" | "failed",
 *   finish?: string, retrieved?: number, wait?: number, error?: string}} Answer
 *
 * `answers` stand as they are shown; `pick` is a slot, or "same". With a region, in pixels, that part
 * of the only image is drawn again.
 * @typedef {{question: string, images: string[], answers: Answer[], isBlind: boolean,
 *   pick: number | string | null,
 *   region?: {x: number, y: number, width: number, height: number} | null}} Turn
 */

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
export function drawText(node, text) {
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

/** Whether it is chosen among candidates. */
const isChosen = ({ settings }) => settings.candidates > 1;

export function statusOf(answer) {
  switch (answer.state) {
    case "waiting": return "Waits for the other answer.";
    case "asking": return answer.parts.length ? "" : isChosen(answer)
      ? `Makes ${answer.settings.candidates} answers, and shows the best` : "Reads the question";
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
export function describe({ system, seed, ...numbers }) {
  const words = Object.entries(numbers).map(([key, value]) => `${key.replaceAll("_", " ")} ${value}`);
  if (system) words.push("own system prompt");
  return words.join(", ") || "no settings changed";
}

export const isHidden = (turn) => turn.isBlind && turn.pick === null;
export const nameOf = (turn, i) => (isHidden(turn) ? `Answer ${i + 1}` : "AB"[turn.answers[i].slot]);

export function notes(turn, answer) {
  const words = [];
  if (answer.finish === "length") words.push("ended at the token limit");
  if (isHidden(turn)) return words.join(" · ");
  if (answer.retrieved) words.push(`${answer.retrieved} ${answer.retrieved === 1 ? "document" : "documents"} read`);
  if (isChosen(answer) && answer.state === "done") words.push(`best of ${answer.settings.candidates}`);
  if (answer.seed !== undefined) words.push(`seed ${answer.seed}`);
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

export const drawShown = (url, i) => el("img", { src: url, alt: `Image ${i + 1} of the question` });

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
