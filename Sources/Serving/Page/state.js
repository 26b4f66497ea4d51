// What the page knows: the model, the conversation, and what the user prefers.

import { recall, remember } from "./outside.js";

export const state = {
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

export function emptyConversation() {
  const id = Date.now().toString(36) + Math.random().toString(36).slice(2, 6);
  return { id, title: "", updated: 0, turns: [] };
}

export const savePrefs = () => remember("prefs", state.prefs);

/**
 * What the page does when something has changed, set by it: render, renderComposer, redraw, touch,
 * keep, scrollToEnd and connect.
 */
export const page = {};
