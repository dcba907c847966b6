// The comparison: the player of several runs, all at the same epoch.

import { mounting, Player } from "../player/player.js";
import { tr } from "../shared/language.js";
import { Cards } from "./cards.js";
import { RunBuffers, Scenes } from "./run_set.js";

/**
 * @import {
 *   ComparisonSetup, PlayerMeta, SceneArrays, StageActions
 * } from "../shared/types.js"
 */

class Comparison extends Player {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    super(parent);
    this.findings.element.remove(); // findings are for one run, on the Train page
  }

  get sheets() {
    return ["player.css", "../compare/compare.css"];
  }

  get steps() {
    return false;
  }

  get hint() {
    return tr("Paused. All runs are at the same epoch. Open shows a run on the Train page.");
  }

  get label() {
    return tr("Runs side by side, live");
  }

  board() {
    return ["epoch"];
  }

  /**
   * @param {HTMLElement} root
   * @param {StageActions} act
   */
  newStage(root, act) {
    return new Cards(root, act);
  }

  /** @param {ComparisonSetup} setup */
  newBuffer({ runs }) {
    return new RunBuffers(runs);
  }

  /**
   * @param {ComparisonSetup} setup
   * @param {SceneArrays} arrays
   */
  newScene(setup, arrays) {
    return new Scenes(setup, arrays);
  }

  /** @param {PlayerMeta} meta */
  readMore({ runs }) {
    if (!runs) return;
    const { runBuffer } = this.display;
    if (runBuffer instanceof RunBuffers) runBuffer.setStates(runs);
    if (this.stage instanceof Cards) this.stage.setStates(runs);
  }

  summary() {
    return "";
  }
}

export const mount = mounting(Comparison);
