// A section of the page that is of one epoch: while the player shows another one it is dimmed and
// says so, and where the player rests it asks to be drawn anew.

import { make, say } from "./dom.js";
import { follow } from "./epoch.js";

const DIMMED = 0.45;
const LATER = 60; // ms: what two parts of a page ask for in one moment, Streamlit takes for one ask
const places = new WeakMap();

/** `data` is the JSON of {run, epoch, body, auto}: the section's class, and whether it follows. */
export function mount({ data, parentElement, setTriggerValue }) {
  const { run, epoch, body, auto } = JSON.parse(data);
  const place = places.get(parentElement) ?? { note: make("p", { role: "status" }), asked: "" };
  const { note } = place;
  note.style.cssText = "margin:0;font-size:.875rem";
  places.set(parentElement, place);
  if (!note.isConnected) parentElement.append(note);
  const end = follow((seen) => {
    const stale = seen.run === run && seen.epoch !== epoch;
    const section = document.querySelector(`.st-key-${body}`);
    if (section) section.style.opacity = stale ? DIMMED : "";
    const here = `This report is of epoch ${epoch}; epoch ${seen.epoch} is on the screen.`;
    say(note, stale ? here : "");
    note.hidden = !stale;
    const ask = JSON.stringify({ run, epoch: seen.epoch });
    if (!stale) place.asked = "";
    else if (auto && seen.resting && ask !== place.asked) {
      place.asked = ask;
      setTimeout(() => setTriggerValue("rest", ask), LATER);
    }
  });
  return () => {
    end();
    note.remove();
    places.delete(parentElement);
  };
}
