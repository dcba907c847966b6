// Making elements: text goes in as text, never as markup.

import { tr } from "./language.js";

/** @import { TextTable } from "./types.js" */

/**
 * Listeners of an element by the name of their event.
 * @typedef {{ [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => unknown }} Listeners
 * @typedef {Record<string, string | number | boolean | URL | null | undefined>} Attributes
 */

/**
 * Make an element with attributes and children; `on` holds listeners. An attribute that is false,
 * null or undefined is left out.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {{ on?: Listeners } & { [name: string]: unknown }} [options]
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, { on = {}, ...attributes } = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const [event, listener] of Object.entries(on)) {
    element.addEventListener(event, /** @type {EventListener} */ (listener));
  }
  element.append(...children);
  return element;
}

/**
 * Make a button with an action; `icon` is the outline of a picture before its text, and an
 * `iconOnly` button has its text as a name only.
 * @param {string} text
 * @param {() => unknown} action
 * @param {{ kind?: string, icon?: string, iconOnly?: boolean, attributes?: Attributes }} [options]
 */
export function button(text, action, { kind, icon, iconOnly = false, attributes = {} } = {}) {
  const label = iconOnly ? { "aria-label": text, title: text } : {};
  const children = [...(icon ? [drawIcon(icon)] : []), ...(iconOnly ? [] : [text])];
  const on = { click: action };
  return make("button", { type: "button", class: kind, ...label, ...attributes, on }, ...children);
}

/** @param {string} outline the path of the icon */
function drawIcon(outline) {
  const icon = makeSvg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" });
  icon.append(makeSvg("path", { d: outline }));
  return icon;
}

/**
 * Make an element of SVG.
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number>} attributes
 * @param {string | null} text
 */
export function makeSvg(tag, attributes = {}, text = null) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  if (text !== null) element.textContent = text;
  return element;
}

/**
 * Name a control and say what it does, and why it cannot be used. A button at its limit keeps the
 * keyboard's focus.
 * @param {HTMLElement} control
 * @param {string} name
 * @param {string} about
 * @param {string | false} limit
 */
export function nameControl(control, name, about, limit) {
  control.title = limit ? tr("{about}. {limit}", { about, limit }) : about;
  control.setAttribute("aria-label", name);
  if (control instanceof HTMLButtonElement) {
    control.setAttribute("aria-disabled", String(Boolean(limit)));
  }
}

/**
 * Change an element's text only if it differs: the browser then has no layout to do.
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  const { firstChild } = element;
  if (!(firstChild instanceof Text)) element.textContent = text;
  else if (firstChild.data !== text) firstChild.data = text;
}

/**
 * Make a table of texts, the first cell of each row a heading.
 * @param {TextTable} content
 */
export function makeTable({ caption, head, rows }) {
  /** @type {(cells: string[], tag: "th" | "td") => HTMLElement} */
  const row = (cells, tag) =>
    make("tr", {}, ...cells.map((cell, i) => make(i ? tag : "th", {}, cell)));
  return make(
    "table",
    {},
    make("caption", {}, caption),
    make("thead", {}, row(head, "th")),
    make("tbody", {}, ...rows.map((cells) => row(cells, "td"))),
  );
}

/**
 * Put a link at the beginning of the page that leads the keyboard past the side bar.
 * @param {string} text
 * @param {() => void} go
 */
export function skipLink(text, go) {
  const link = button(tr("Skip to: {text}", { text }), go, { kind: "deltascope-skip" });
  document.body.prepend(link);
  return link;
}

/**
 * Return the element that has the keyboard in an element's document or shadow root.
 * @param {Element} element
 */
export function focusedIn(element) {
  const root = element.getRootNode();
  return root instanceof Document || root instanceof ShadowRoot ? root.activeElement : null;
}
