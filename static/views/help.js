// The "?" in the head of a panel: what it shows, how to read it, and one thing to try.

import { make } from "../shared/dom.js";
import { tr } from "../shared/language.js";

/**
 * @typedef {{ title: string, shows: string, read: string, attempt: string }} HelpText
 */

/** @type {Record<string, HelpText>} */
const HELP = {
  network: {
    title: tr("Network"),
    shows: tr(
      "The network of this run. Each square is a unit, and its picture shows the unit's output " +
        "for every input. Each line is a weight. It multiplies the output of one unit on its way " +
        "to the next layer.",
    ),
    read: tr(
      "Blue is positive, orange is negative, and near 0 there is no color. A thick line is a " +
        "large weight. Forward shows outputs, from left to right. Backward shows deltas, from right " +
        "to left. For all examples a delta includes the factor 1/n of the mean; for one example " +
        "n·δ is shown.",
    ),
    attempt: tr(
      "Press Train and look at one unit: its picture turns and bends until it helps to separate " +
        "the classes.",
    ),
  },
  decision: {
    title: tr("Decision boundary"),
    shows: tr(
      "The answer of the network at every place, and the examples with their true answers.",
    ),
    read: tr(
      "The color at a place is the answer there; pale means that the network is not sure. Filled " +
        "points are training examples. The network does not learn from hollow points; they " +
        "check what it has learned.",
    ),
    attempt: tr("Move the pointer over a unit of the network: its picture is shown here, large."),
  },
  curves: {
    title: tr("Loss and accuracy"),
    shows: tr(
      "How wrong the network was after each epoch. The loss is small when the answers are right. " +
        "Below it is a number that people read more easily, such as the accuracy.",
    ),
    read: tr(
      "Training and validation are two lines. The line marked chance is a network that only " +
        "guesses. The vertical line is the epoch on the screen.",
    ),
    attempt: tr(
      "Train for long. If the validation loss rises while the training loss falls, the network " +
        "memorizes the examples: this is called overfitting.",
    ),
  },
  weights: {
    title: tr("Weights"),
    shows: tr(
      "All weights W and biases b, one table for each layer. Training changes only these numbers.",
    ),
    read: tr(
      "A row is a unit, and a column is one of its inputs; b is the bias. Blue is positive, " +
        "orange is negative. The color is full at the number after “scale”.",
    ),
    attempt: tr(
      "Click a cell, type another number, and look at what changes in the other pictures.",
    ),
  },
  deltas: {
    title: tr("Deltas"),
    shows: tr(
      "The delta (δ) of each unit for each example: how much the loss changes when z, the input " +
        "of the unit, grows a little. Each includes the factor 1/n of the mean loss.",
    ),
    read: tr(
      "A row is a unit, and a column is an example. Blue: a larger z makes the loss larger. " +
        "Orange: a larger z makes the loss smaller. Pale: this example changes little here.",
    ),
    attempt: tr("Click a column: the network then shows only this example."),
  },
  sizes: {
    title: tr("Size of delta"),
    shows: tr("How large the deltas of each layer are, after each epoch."),
    read: tr(
      "A layer with small deltas learns slowly. The axis is logarithmic: from one number on the " +
        "axis to the next, the size changes by the same factor.",
    ),
    attempt: tr(
      "Choose the experiment “Vanishing error terms”: the line of the first layer is far below " +
        "the line of the last one.",
    ),
  },
  findings: {
    title: tr("What this run shows"),
    shows: tr("What the app found in the numbers of this run, up to the epoch on the screen."),
    read: tr("Each card names one effect, the numbers that show it, and what usually helps."),
    attempt: tr(
      "Press “Try it” in a card: the app makes this one change, so that you can compare.",
    ),
  },
};

const GAP = 6; // px between the button and its text, and between the text and the screen's edge

/**
 * Return the "?" of a panel and its text, none for a panel without one. The browser closes the text
 * with Escape, with a click elsewhere, and when another one opens.
 * @param {string} name of the panel
 * @returns {HTMLElement[]}
 */
export function helpButton(name) {
  const words = HELP[name];
  if (!words) return [];
  const part = (/** @type {string} */ term, /** @type {string} */ text) =>
    make("p", {}, make("b", {}, `${term} `), text);
  const text = make(
    "div",
    {
      class: "help-text",
      popover: "auto",
      role: "group",
      "aria-label": tr("Help: {title}", { title: words.title }),
    },
    make("p", { class: "help-title" }, words.title),
  );
  const parts = [
    part(tr("What it shows."), words.shows),
    part(tr("How to read it."), words.read),
    part(tr("Try this."), words.attempt),
  ];
  // Not before it is opened: a lesson asks for some of it first.
  text.addEventListener("beforetoggle", () => text.append(...parts), { once: true });
  const opener = make("button", {
    type: "button",
    class: "help",
    "aria-label": tr("Help: {title}", { title: words.title }),
    title: tr("What is this?"),
  });
  opener.append("?");
  opensBeside(opener, text);
  return [opener, text];
}

/**
 * Let a button open an element beside it.
 * @param {HTMLButtonElement} opener
 * @param {HTMLElement} text
 */
export function opensBeside(opener, text) {
  opener.popoverTargetElement = text;
  const follow = () => place(text, opener);
  text.addEventListener("toggle", (event) => {
    const opens = /** @type {ToggleEvent} */ (event).newState === "open";
    if (opens) follow();
    const listen = opens ? addEventListener : removeEventListener;
    listen("scroll", follow, { capture: true });
  });
}

/**
 * Put a text below its button, or above where there is no room, inside the screen.
 * @param {HTMLElement} text
 * @param {HTMLElement} opener
 */
function place(text, opener) {
  const { left, top, bottom } = opener.getBoundingClientRect();
  const zoom = text.currentCSSZoom ?? 1; // a presented view is larger than its own pixels
  const [width, height] = [text.offsetWidth * zoom, text.offsetHeight * zoom];
  const below = bottom + GAP + height <= innerHeight;
  const x = Math.max(GAP, Math.min(left, innerWidth - width - GAP));
  const y = Math.max(GAP, below ? bottom + GAP : top - GAP - height);
  Object.assign(text.style, { left: `${x / zoom}px`, top: `${y / zoom}px` });
}
