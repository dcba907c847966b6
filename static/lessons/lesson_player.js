// The player of a lesson: a pinned run, which a pupil watches and does not change.

import { Permalink } from "../player/permalink.js";
import { mounting, Player } from "../player/player.js";
import { isPresented, present, presentByKey, toolButtons } from "../present/tools.js";
import { subscribeToOptions } from "./options.js";

/** @import { StageActions } from "../shared/types.js" */
/** @import { LessonOptions } from "./options.js" */

const LOCKED = "Answer the question first. Then you can train.";

/** The address belongs to the lesson, not to its run. */
class FixedAddress extends Permalink {
  write() {}
}

class LessonPlayer extends Player {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    super(parent);
    this.address = new FixedAddress(false);
    this.findings.element.remove(); // they would give the answer away
    this.seeds.element.remove();
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
    return "Paused. Click a delta to see only its example.";
  }

  /**
   * The run is pinned: nothing on its views changes it.
   * @param {HTMLElement} root
   * @param {StageActions} act
   */
  newStage(root, act) {
    return super.newStage(root, { ...act, edit: undefined, change: undefined });
  }

  /** @param {LessonOptions} options */
  follow({ locked, speed, view, bold }) {
    this.root.dataset.bold = bold;
    this.setSpeed(speed);
    this.setView(view);
    this.lock(locked ? LOCKED : "");
  }

  remove() {
    this.leave();
    super.remove();
  }
}

export const mount = mounting(LessonPlayer);
