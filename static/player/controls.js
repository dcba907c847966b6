// The transport bar: the buttons, the speed, the slider over all epochs, and where the run stands.

import { button, focusedIn, make, setText } from "../shared/dom.js";
import { steady, whole } from "../shared/format.js";
import { tr } from "../shared/language.js";

const SPEEDS = [1, 2, 5, 10, 20, 50, 100]; // epochs per frame

const LOST = tr(
  "The connection to the server is lost. The epochs so far are kept. Trying to connect again.",
);

/** @import { Losses, LossName } from "../shared/types.js" */

/**
 * What the buttons, the speed and the slider do.
 * @typedef {{
 *   train(): void, pause(): void, step(): void, reset(): void,
 *   speed(stride: number): void, scrub(epoch: number): void,
 * }} Actions
 */

/** The outlines of the buttons' icons. */
const ICONS = {
  Train: "M8 5v14l11-7z",
  Pause: "M6 5h4v14H6zm8 0h4v14h-4z",
  Step: "M6 5v14l9-7zm10 0h2v14h-2z",
  Reset: "M12 5V1L7 6l5 5V7a5 5 0 1 1-5 5H5a7 7 0 1 0 7-7z",
};

/** @type {Record<string, string>} */
const BOARD = {
  epoch: tr("Epoch"),
  train: tr("Training loss"),
  validation: tr("Validation loss"),
  train_metric: tr("Training metric"),
  validation_metric: tr("Validation metric"),
};

export class Transport {
  /** What is going on. */
  #now = { text: "", hint: false };
  #lost = false;

  /**
   * @param {Actions} act what the controls do
   * @param {string[]} board the numbers that are shown
   */
  constructor(act, board = Object.keys(BOARD)) {
    this.names = board;
    this.buttons = {
      train: button(tr("Train"), act.train, { kind: "primary", icon: ICONS.Train }),
      pause: button(tr("Pause"), act.pause, { kind: "primary", icon: ICONS.Pause }),
      step: button(tr("Step"), act.step, { kind: "plain", icon: ICONS.Step }),
      reset: button(tr("Reset"), act.reset, { kind: "plain", icon: ICONS.Reset }),
    };
    /** @type {HTMLSelectElement} */
    this.speed = make(
      "select",
      {
        "aria-label": tr("Speed: epochs per frame"),
        on: { change: () => act.speed(Number(this.speed.value)) },
      },
      ...SPEEDS.map((n) => make("option", { value: n }, String(n))),
    );
    /** @type {HTMLInputElement} */
    this.slider = make("input", {
      type: "range",
      min: 0,
      max: 0,
      step: 1,
      value: 0,
      "aria-label": tr("Epoch on screen"),
      on: { input: () => act.scrub(Number(this.slider.value)) },
    });
    /** The places of the numbers. @type {Record<string, HTMLElement>} */
    this.readouts = {};
    /** @type {Record<string, HTMLElement>} */
    this.terms = {};
    this.status = make("p", { class: "status", "aria-live": "polite" });
    this.alert = make("p", { class: "alert", role: "alert" });
    this.words = make("div", { class: "words" }, this.status, this.alert);
    this.element = make("div", { class: "transport" }, ...this.#rows(), this.words);
  }

  #rows() {
    const { train, pause, step, reset } = this.buttons;
    const speed = make("label", { class: "speed" }, tr("Epochs per frame"), this.speed);
    const row = make("div", { class: "row" }, train, pause, step, reset, speed, this.#board());
    return [row, this.slider];
  }

  #board() {
    const value = (/** @type {string} */ name) => {
      this.readouts[name] = make("dd", { "data-readout": name });
      this.terms[name] = make("dt", {}, BOARD[name]);
      return make("div", { class: name }, this.terms[name], this.readouts[name]);
    };
    return make("dl", { class: "board" }, ...this.names.map(value));
  }

  /**
   * Name the metric once it is known, and mark a loss of the standardised target as one.
   * @param {string} metric
   * @param {boolean} [scaled]
   */
  name(metric, scaled) {
    for (const part of ["train", "validation"]) {
      const loss = this.terms[part];
      if (loss)
        loss.title = scaled ? tr("{loss} of the standardized target", { loss: BOARD[part] }) : "";
      const term = this.terms[`${part}_metric`];
      const words =
        part === "train"
          ? tr("Training {metric}", { metric })
          : tr("Validation {metric}", { metric });
      if (term) setText(term, words);
    }
  }

  /** Put the keyboard on the button that goes on: Train, or Pause while it plays. */
  focus() {
    const { train, pause } = this.buttons;
    (train.hidden ? pause : train).focus();
  }

  /**
   * Show another speed; one that is not in the list is added to it.
   * @param {number} stride epochs per frame
   */
  setSpeed(stride) {
    const value = String(stride);
    if (![...this.speed.options].some((option) => option.value === value)) {
      this.speed.append(make("option", { value }, value));
    }
    this.speed.value = value;
  }

  /**
   * Show an epoch, the number of epochs trained, and the losses.
   * @param {number} epoch
   * @param {number} reached
   * @param {Losses} losses
   */
  show(epoch, reached, losses) {
    if (this.slider.max !== String(reached)) this.slider.max = String(reached);
    this.slider.value = String(epoch);
    setText(this.readouts.epoch, whole(epoch));
    const about = losses.exact ? "" : "≈\u202f";
    for (const name of this.names) {
      if (name !== "epoch")
        setText(this.readouts[name], about + steady(losses[/** @type {LossName} */ (name)]));
    }
  }

  /**
   * Fit the buttons to a state; the keyboard's place moves on from Train to Pause and back.
   * @param {string} state
   * @param {boolean} busy
   */
  set(state, busy) {
    const playing = state === "playing";
    const { train, pause, step, reset } = this.buttons;
    const focused = focusedIn(this.element);
    train.hidden = playing;
    pause.hidden = !playing;
    if (focused === (playing ? train : pause)) (playing ? pause : train).focus();
    step.disabled = playing || busy;
    reset.disabled = busy;
    train.disabled = busy;
  }

  /**
   * Show what is going on; a mere hint is left out where there is little room.
   * @param {string} text
   * @param {boolean} hint
   */
  showStatus(text, hint = false) {
    this.#now = { text, hint };
    this.#write();
  }

  /**
   * While the connection is lost, say that and nothing else.
   * @param {boolean} lost
   */
  showLost(lost) {
    this.#lost = lost;
    this.#write();
  }

  #write() {
    const { text, hint } = this.#lost ? { text: LOST, hint: false } : this.#now;
    this.status.toggleAttribute("data-hint", hint);
    setText(this.status, text);
  }

  /** @param {string} text */
  warn(text) {
    setText(this.alert, text);
  }

  /**
   * Name the epoch for screen readers: at rest only, since the slider moves too often otherwise.
   * @param {number} epoch
   * @param {number} reached
   */
  rest(epoch, reached) {
    this.slider.setAttribute(
      "aria-valuetext",
      tr("epoch {epoch} of {reached}", { epoch, reached }),
    );
  }
}
