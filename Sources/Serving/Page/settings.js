// The settings: their fields, and the panel at the side.

import { el, button, find, press } from "./elements.js";
import { savePrefs, state } from "./state.js";

/**
 * An empty field is not sent. One with a `limit` has its maximum from the model's entry in GET /v1/models,
 * and is there where that leaves a choice.
 */
const settings = [
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
  { key: "candidates", label: "Candidates", min: 1, limit: "max_candidates", step: 1,
    hint: "Makes so many answers, and shows the one whose images fit best, once all are made." },
  { key: "retrieval", label: "Retrieved documents", min: 0, limit: "max_retrieval", step: 1,
    hint: "At most so many documents of the memory bank precede the question; 0 is none." },
];

/** The settings that the server takes. */
function shown() {
  const { model } = state;
  return settings
    .filter((one) => !one.isOfImages || model?.draws_images !== false)
    .filter(({ limit, min }) => !limit || model?.[limit] > min)
    .map((one) => (one.limit ? { ...one, max: model[one.limit] } : one));
}

/** The values of settings, without those that the server does not take. */
export function usable(values) {
  return Object.fromEntries(shown().flatMap(({ key }) => (key in values ? [[key, values[key]]] : [])));
}

/** A field that puts its value into `values`, or takes it out, and then calls `save`. */
function drawSetting(setting, values, save) {
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

// The panel

export function renderSettings() {
  const { isComparing } = state.prefs;
  if (!isComparing) state.slot = 0;
  find("settings-title").textContent = isComparing ? `Settings of ${"AB"[state.slot]}` : "Settings";
  find("slots").hidden = !isComparing;
  press(find("slots"), "slot", state.slot);
  press(find("themes"), "theme", state.prefs.theme);
  const values = state.prefs.settings[state.slot];
  find("settings-form").replaceChildren(...shown().map((one) => drawSetting(one, values, savePrefs)));
  find("key").value = state.key;
}

export function setTheme(theme) {
  state.prefs.theme = theme;
  document.documentElement.dataset.theme = theme;
  press(find("themes"), "theme", theme);
}
