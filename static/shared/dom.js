// Making elements: text goes in as text, never as markup.

/** An element with attributes and children; `on` holds listeners, a false attribute is left out. */
export function make(tag, { on = {}, ...attributes } = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== null) element.setAttribute(name, value === true ? "" : value);
  }
  for (const [event, listener] of Object.entries(on)) element.addEventListener(event, listener);
  element.append(...children);
  return element;
}

/** Changes an element's text only if it differs: the browser then has nothing to lay out. */
export function say(element, text) {
  if (element.firstChild?.nodeType !== Node.TEXT_NODE) element.textContent = text;
  else if (element.firstChild.data !== text) element.firstChild.data = text;
}

/** A table {caption, head, rows} of texts, the first cell of each row a heading. */
export function table({ caption, head, rows }) {
  const line = (cells, first) =>
    make("tr", {}, ...cells.map((cell, i) => make(i ? first.rest : first.lead, {}, cell)));
  return make(
    "table",
    {},
    make("caption", {}, caption),
    make("thead", {}, line(head, { lead: "th", rest: "th" })),
    make("tbody", {}, ...rows.map((row) => line(row, { lead: "th", rest: "td" }))),
  );
}

/** A link at the beginning of the page, for the keyboard: past the side bar to what a page is for. */
export function skipLink(text, go) {
  const link = make("button", { type: "button", class: "deltascope-skip", on: { click: go } });
  link.textContent = `Skip to: ${text}`;
  document.body.prepend(link);
  return link;
}
