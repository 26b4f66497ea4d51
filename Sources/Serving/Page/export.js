// A conversation as one HTML file that needs nothing else.

import { el } from "./elements.js";
import { describe, drawShown, drawText, isHidden, nameOf, notes, statusOf } from "./view.js";

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
