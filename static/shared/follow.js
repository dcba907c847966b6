// A section of the page about one epoch: while the player shows another epoch, the section is
// dimmed, with a note. When the player pauses, the section is drawn again for that epoch.

import { make, setText } from "./dom.js";
import { subscribeToEpoch } from "./epoch.js";
import { tr } from "./language.js";

/** @import { Component } from "./types.js" */

const DIMMED = 0.45;
const DELAY = 60; // ms: Streamlit takes two requests of one moment for one
/** @type {WeakMap<HTMLElement, { note: HTMLElement, requested: string }>} */
const places = new WeakMap();

/**
 * Follow the player; `data` is the JSON of {run, epoch, body, auto}: `body` is the section's class,
 * `auto` whether it is drawn again by itself.
 * @param {Component<string>} component
 */
export function mount({ data, parentElement, setTriggerValue }) {
  /** @type {{ run: string, epoch: number, body: string, auto: boolean }} */
  const { run, epoch, body, auto } = JSON.parse(data);
  const place = places.get(parentElement) ?? {
    note: make("p", { role: "status" }),
    requested: "",
  };
  const { note } = place;
  note.style.cssText = "margin:0;font-size:.875rem";
  places.set(parentElement, place);
  if (!note.isConnected) parentElement.append(note);
  const end = subscribeToEpoch((shown) => {
    const stale = shown.run !== null && (shown.run !== run || shown.epoch !== epoch);
    const section = document.querySelector(`.st-key-${body}`);
    if (section instanceof HTMLElement) section.style.opacity = stale ? String(DIMMED) : "";
    const words =
      shown.run === run
        ? tr("This report is about epoch {epoch}; the screen shows epoch {shown}.", {
            epoch,
            shown: shown.epoch,
          })
        : tr("This report is about the previous run.");
    setText(note, stale ? words : "");
    note.hidden = !stale;
    const request = JSON.stringify({ run: shown.run, epoch: shown.epoch });
    if (!stale) place.requested = "";
    else if (auto && shown.resting && request !== place.requested) {
      place.requested = request;
      setTimeout(() => setTriggerValue("rest", request), DELAY);
    }
  });
  return () => {
    end();
    note.remove();
    places.delete(parentElement);
  };
}
