// The bar of a walk: back, step, play, first, last, where one is, and the jumps between phases.

import { make, setText } from "../shared/dom.js";
import { PHASES } from "../trace/sentences.js";

const ICONS = {
  First: "M6 5h2v14H6zm12 0v14l-9-7z",
  Back: "M18 5v14l-9-7zM6 5h2v14H6z",
  Step: "M6 5v14l9-7zm10 0h2v14h-2z",
  Play: "M8 5v14l11-7z",
  Pause: "M6 5h4v14H6zm8 0h4v14h-4z",
  Last: "M6 5v14l9-7zm10 0h2v14h-2z",
};

export function button(name, action, { kind = "", icon = ICONS[name], only = false } = {}) {
  const ns = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(ns, "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(ns, "path");
  path.setAttribute("d", icon ?? "");
  picture.append(path);
  const label = only ? { "aria-label": name, title: name } : {};
  const inside = [...(icon ? [picture] : []), ...(only ? [] : [name])];
  return make(
    "button",
    { type: "button", class: kind, ...label, on: { click: action } },
    ...inside,
  );
}

export class Transport {
  /** `act` has go(line), back(), step(), play(), pause(); `choose(example)` takes a column. */
  constructor(act) {
    this.act = act;
    this.buttons = {
      first: button("First equation", () => act.go(0), { icon: ICONS.First, only: true }),
      back: button("Back", act.back),
      step: button("Step", act.step, { kind: "primary" }),
      play: button("Play", act.play),
      pause: button("Pause", act.pause),
      last: button("Last equation", () => act.go(Infinity), { icon: ICONS.Last, only: true }),
    };
    this.position = make("p", { class: "position", "aria-live": "polite" });
    this.jumps = make("nav", { class: "jumps", "aria-label": "Phases" });
    this.examples = make("select", {
      "aria-label": "Example",
      on: { change: (event) => act.example(Number(event.target.value)) },
    });
    const { first, back, step, play, pause, last } = this.buttons;
    const buttons = make("div", { class: "buttons" }, first, back, step, play, pause, last);
    const example = make("label", { class: "example" }, "Example", this.examples);
    this.element = make(
      "header",
      { class: "transport" },
      buttons,
      this.position,
      this.jumps,
      example,
    );
  }

  /** Takes the lines of a walk and the labels of its examples. */
  set(lines, examples) {
    this.lines = lines;
    const option = (text, value) => make("option", { value }, text);
    this.examples.replaceChildren(...examples.map(option));
    this.stops = stops(lines).map(({ text, spoken, line }) => ({
      line,
      button: make(
        "button",
        {
          type: "button",
          "aria-label": spoken,
          title: spoken,
          on: { click: () => this.act.go(line) },
        },
        text,
      ),
    }));
    this.jumps.replaceChildren(...this.stops.map(({ button: own }) => own));
  }

  /** Shows where the walk is. */
  show(number, playing, example) {
    const { first, back, step, play, pause, last } = this.buttons;
    const active = document.activeElement;
    const end = number === this.lines.length - 1;
    setText(this.position, `${number + 1} of ${this.lines.length}`);
    this.position.setAttribute("aria-label", `Equation ${number + 1} of ${this.lines.length}`);
    play.hidden = playing;
    pause.hidden = !playing;
    if (active === (playing ? play : pause)) (playing ? pause : play).focus();
    first.setAttribute("aria-disabled", number === 0);
    back.setAttribute("aria-disabled", number === 0);
    step.setAttribute("aria-disabled", end);
    last.setAttribute("aria-disabled", end);
    const here = this.stops.findLast(({ line }) => line <= number);
    for (const stop of this.stops) {
      if (stop === here) stop.button.setAttribute("aria-current", "step");
      else stop.button.removeAttribute("aria-current");
    }
    this.examples.value = String(example);
  }
}

// Where one can jump to: each phase, and backward each layer from the top down.
function stops(lines) {
  const found = [];
  lines.forEach(({ phase, layer }, line) => {
    const before = lines[line - 1];
    if (before?.phase === phase && (phase !== "backward" || layer === before.layer)) return;
    const name = PHASES[phase];
    const fresh = before?.phase !== phase;
    const spoken = phase === "backward" ? `${name}, layer ${layer}` : name;
    const text = phase !== "backward" ? name : fresh ? `${name} ${layer}` : String(layer);
    found.push({ text, spoken, line });
  });
  return found;
}
