// The transport bar: the buttons, the speed, the slider over all epochs, and where the run stands.

import { make, say } from "../shared/dom.js";
import { steady, whole } from "../shared/format.js";

const SPEEDS = [1, 2, 5, 10, 20, 50, 100]; // epochs per frame

const ICONS = {
  Train: "M8 5v14l11-7z",
  Pause: "M6 5h4v14H6zm8 0h4v14h-4z",
  Step: "M6 5v14l9-7zm10 0h2v14h-2z",
  Reset: "M12 5V1L7 6l5 5V7a5 5 0 1 1-5 5H5a7 7 0 1 0 7-7z",
};

const BOARD = {
  epoch: "Epoch",
  train: "Training loss",
  validation: "Validation loss",
  train_metric: "Training metric",
  validation_metric: "Validation metric",
};

export class Transport {
  /** `act` has train, pause, step, reset, speed(n), scrub(epoch); `board` names the numbers shown. */
  constructor(act, board = Object.keys(BOARD)) {
    this.names = board;
    this.buttons = {
      train: button("Train", act.train, "primary"),
      pause: button("Pause", act.pause, "primary"),
      step: button("Step", act.step),
      reset: button("Reset", act.reset),
    };
    this.speed = make(
      "select",
      {
        "aria-label": "Speed: epochs per frame",
        on: { change: (e) => act.speed(Number(e.target.value)) },
      },
      ...SPEEDS.map((n) => make("option", { value: n }, String(n))),
    );
    this.slider = make("input", {
      type: "range",
      min: 0,
      max: 0,
      step: 1,
      value: 0,
      "aria-label": "Epoch on screen",
      on: { input: (event) => act.scrub(Number(event.target.value)) },
    });
    this.readouts = {};
    this.status = make("p", { class: "status", "aria-live": "polite" });
    this.alert = make("p", { class: "alert", role: "alert" });
    const words = make("div", { class: "words" }, this.status, this.alert);
    this.element = make("div", { class: "transport" }, ...this.#rows(), words);
  }

  #rows() {
    const { train, pause, step, reset } = this.buttons;
    const speed = make("label", { class: "speed" }, "Epochs per frame", this.speed);
    const row = make("div", { class: "row" }, train, pause, step, reset, speed, this.#board());
    return [row, this.slider];
  }

  #board() {
    const value = (name, text) => {
      this.readouts[name] = make("dd", { "data-readout": name });
      const term = (this.terms ??= {});
      term[name] = make("dt", {}, text);
      return make("div", { class: name }, term[name], this.readouts[name]);
    };
    return make("dl", { class: "board" }, ...this.names.map((name) => value(name, BOARD[name])));
  }

  /** Name the metric once it is known, and say of a loss of the standardised target that it is. */
  name(metric, scaled) {
    for (const part of ["train", "validation"]) {
      const loss = this.terms[part];
      if (loss) loss.title = scaled ? `${BOARD[part]} of the standardised target` : "";
      const term = this.terms[`${part}_metric`];
      if (term) say(term, `${part === "train" ? "Training" : "Validation"} ${metric}`);
    }
  }

  /** Put the keyboard on the button that goes on: Train, or Pause while it plays. */
  focus() {
    const { train, pause } = this.buttons;
    (train.hidden ? pause : train).focus();
  }

  /** Shows an epoch, the number of epochs trained, and the losses {train: ..., exact, ...}. */
  show(epoch, reached, losses) {
    if (this.slider.max !== String(reached)) this.slider.max = String(reached);
    this.slider.value = String(epoch);
    say(this.readouts.epoch, whole(epoch));
    const about = losses.exact ? "" : "≈\u202f";
    for (const name of this.names) {
      if (name !== "epoch") say(this.readouts[name], about + steady(losses[name]));
    }
  }

  /** Fits buttons to a state; the keyboard's place moves on from Train to Pause and back. */
  set(state, busy) {
    const playing = state === "playing";
    const { train, pause, step, reset } = this.buttons;
    const focused = this.element.getRootNode().activeElement;
    train.hidden = playing;
    pause.hidden = !playing;
    if (focused === (playing ? train : pause)) (playing ? pause : train).focus();
    step.disabled = playing || busy;
    reset.disabled = busy;
    train.disabled = busy;
  }

  /** What is going on; a mere hint is left out where there is little room. */
  say(text, hint = false) {
    this.status.toggleAttribute("data-hint", hint);
    say(this.status, text);
  }

  warn(text) {
    say(this.alert, text);
  }

  /** For a reader's ear: said at rest only, the slider moves too often otherwise. */
  rest(epoch, reached) {
    this.slider.setAttribute("aria-valuetext", `epoch ${epoch} of ${reached}`);
  }
}

function button(name, action, kind = "plain") {
  const ns = "http://www.w3.org/2000/svg";
  const icon = document.createElementNS(ns, "svg");
  icon.setAttribute("viewBox", "0 0 24 24");
  icon.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(ns, "path");
  path.setAttribute("d", ICONS[name]);
  icon.append(path);
  return make("button", { type: "button", class: kind, on: { click: action } }, icon, name);
}
