// The player of a lesson: a pinned run, which a pupil watches and does not change.

import { Permalink, SWITCHES } from "../player/permalink.js";
import { mounting, Player } from "../player/player.js";
import { isPresented, present, presentByKey, toolButtons } from "../present/tools.js";
import { tr } from "../shared/language.js";
import { subscribeToOptions } from "./options.js";

/** @import { StageActions } from "../shared/types.js" */
/** @import { LessonOptions } from "./options.js" */

const AT_START = tr("There is nothing to train here: look at the views.");
const BACKWARD = "[data-view=deltas], [data-view=sizes]"; // views of what comes back

/** The address belongs to the lesson, not to its run. */
class FixedAddress extends Permalink {
  write() {}
}

class LessonPlayer extends Player {
  /** The epoch where the run ends. */
  end = Infinity;

  /** @param {HTMLElement} parent */
  constructor(parent) {
    super(parent);
    this.address = new FixedAddress(false);
    this.findings.element.remove(); // they would give the answer away
    this.seeds.element.remove();
    this.editor.form.remove();
    this.transport.words.append(toolButtons());
    presentByKey(this.root);
    if (isPresented()) present();
    this.root.classList.add("lesson");
    this.leave = subscribeToOptions((options) => this.follow(options));
  }

  get sheets() {
    return ["player.css", "../lessons/lessons.css"];
  }

  get hint() {
    return tr("Paused. Click a delta to see only its example.");
  }

  get limit() {
    return Math.min(super.limit, this.end);
  }

  /** @param {number} epoch */
  after(epoch) {
    return Math.min(epoch + 1, this.end);
  }

  /**
   * The run is pinned: nothing on its views changes it.
   * @param {HTMLElement} root
   * @param {StageActions} act
   */
  newStage(root, act) {
    return super.newStage(root, { ...act, edit: undefined, change: undefined });
  }

  /**
   * Before the prediction a pupil sees the network and its data, and nothing of what comes back: for
   * some questions that is the answer.
   * @param {LessonOptions} options
   */
  follow({ locked, speed, view, bold, epochs }) {
    this.end = epochs;
    this.root.dataset.bold = bold;
    this.root.toggleAttribute("data-locked", locked !== "");
    for (const one of this.root.querySelectorAll(BACKWARD)) {
      one.toggleAttribute("hidden", locked !== "");
    }
    this.transport.setSpeed(speed);
    this.playback.speed(speed);
    this.#setView(locked ? view.filter((name) => name !== "backward") : view);
    this.playback.lock(locked || (epochs === 0 ? AT_START : ""));
  }

  /**
   * Turn switches of the views on, and the others off.
   * @param {LessonOptions["view"]} on
   */
  #setView(on) {
    for (const name of SWITCHES) {
      if (this.options[name] !== on.includes(name)) this.choose(name, on.includes(name));
    }
  }

  remove() {
    this.leave();
    super.remove();
  }
}

export const mount = mounting(LessonPlayer);
