// The question box: its words, its images, and what is asked with them.

import { send } from "./asking.js";
import { button, el, find } from "./elements.js";
import { readImage } from "./outside.js";
import { chooseRegion } from "./region.js";
import { state } from "./state.js";

/** Asks what the box has, or stops the answer that comes. */
export function submit(event) {
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

/** Ends the answers that come; they have ended when the result is there. */
export function stop() {
  state.running?.controller.abort();
  return state.running?.done;
}

/** Puts the last question into the box, to be asked otherwise. */
export function startEditing({ question, images }) {
  state.isEditing = true;
  state.images = [...images];
  find("question").value = question;
  renderComposer();
  find("question").focus();
}

export function stopEditing() {
  if (state.isEditing) clearQuestion();
  state.isEditing = false;
}

function clearQuestion() {
  find("question").value = "";
  state.images = [];
  refuse("");
}

/** Focuses the box where that opens no keyboard on the screen. */
export function focusQuestion() {
  if (matchMedia("(hover: hover)").matches) find("question").focus();
}

// Images of a question

const maximumImages = 8;

export async function addImages(files) {
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

// Parts of images

/** Whether the model draws parts of images again. */
export const inpaints = () => state.model?.inpaints === true;

/** Has a part of an image drawn again; `isAgain` replaces the last question, `isSent` is called first. */
export async function editPart(url, { question = "", region = null, isAgain = false, isSent } = {}) {
  const chosen = await chooseRegion(url, question, region, state.model.image_sizes);
  if (!chosen || state.running) return;
  if (isAgain) state.conversation.turns.pop();
  isSent?.();
  stopEditing();
  send(chosen.words, [url], { region: chosen.region });
}

// Drawing

export function renderComposer() {
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
export function growQuestion() {
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
  const part = inpaints() && button("Edit part", () => {
    editPart(url, { isSent: () => state.images.splice(i, 1) }).then(() => {
      renderComposer();
      find("question").focus();
    });
  }, { className: "part", ariaLabel: `Edit part of image ${i + 1}` });
  return el("li", {}, el("img", { src: url, alt: `Image ${i + 1}` }), part, remove);
}
