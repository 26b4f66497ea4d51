// The conversation: how it is drawn from the state, and what its buttons do.

import { send } from "./asking.js";
import {
  editPart, focusQuestion, inpaints, renderComposer, startEditing, stopEditing,
} from "./composer.js";
import { find } from "./elements.js";
import { exportPage } from "./export.js";
import { bytes, copy, download } from "./outside.js";
import { page, savePrefs, state } from "./state.js";
import { answerText, drawTurn, updateAnswer } from "./view.js";

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
    const turn = state.conversation.turns.at(-1);
    const { question, images, region } = turn;
    if (region) return editPart(images[0], { question, region, isAgain: true });
    startEditing(turn);
  },
  pick(turn, slot) {
    turn.pick = slot;
    state.prefs.picks[slot]++;
    savePrefs();
    redraw(turn);
    drawn.get(turn).querySelector(".pick").focus();
    renderComposer();
    page.keep(state.conversation);
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
  inpaints,
  editPart: (url) => editPart(url),
  save(part) {
    download(`${fileName(part.alt || "image")}.png`, bytes(part.url), "image/png");
  },
};

function fileName(text) {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.join("-").slice(0, 60);
}

// Drawing

const touched = new Set(); // answers to bring up to date at the next frame

/** An answer has changed. */
export function touch(answer) {
  if (!touched.size) requestAnimationFrame(updateTouched);
  touched.add(answer);
}

function updateTouched() {
  keepingEnd(() => touched.forEach((answer) => updateAnswer(answer, actions)));
  touched.clear();
}

const drawn = new WeakMap(); // a turn's element

/** Draws a turn again. */
export function redraw(turn) {
  const element = drawTurn(turn, turn === state.conversation.turns.at(-1), actions);
  keepingEnd(() => drawn.get(turn)?.replaceWith(element));
  drawn.set(turn, element);
}

/** Draws the whole conversation. */
export function render() {
  const { turns, title } = state.conversation;
  turns.forEach((turn) => drawn.set(turn, drawTurn(turn, turn === turns.at(-1), actions)));
  find("turns").replaceChildren(...turns.map((turn) => drawn.get(turn)));
  find("start").hidden = turns.length > 0;
  find("model-name").hidden = turns.length === 0;
  document.title = title ? `${title} - jam` : "jam";
  renderComposer();
}

export function scrollToEnd() {
  document.scrollingElement.scrollTop = document.scrollingElement.scrollHeight;
}

/** Changes the page, and stays at its end if it was there. */
function keepingEnd(change) {
  const { scrollHeight, scrollTop } = document.scrollingElement;
  const wasAtEnd = scrollHeight - scrollTop - innerHeight < 60;
  change();
  if (wasAtEnd) scrollToEnd();
}
