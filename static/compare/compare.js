// The comparison: the player of several runs, all at the same epoch.

import { mounting, Player } from "../player/player.js";
import { Cards } from "./cards.js";
import { Reels, Scenes } from "./run_set.js";

class Comparison extends Player {
  constructor(parent) {
    super(parent);
    this.findings.element.remove(); // they are told of one run, on the Train page
  }

  get sheets() {
    return ["player.css", "../compare/compare.css"];
  }

  get hint() {
    return "Paused. All runs stand at the same epoch; Open shows one of them on the Train page.";
  }

  get label() {
    return "Runs side by side, live";
  }

  board() {
    return ["epoch"];
  }

  stageOf(root, act) {
    return new Cards(root, act);
  }

  reelOf({ runs }) {
    return new Reels(runs);
  }

  sceneOf(setup, arrays) {
    return new Scenes(setup, arrays);
  }

  heed({ runs }) {
    this.reel.heed(runs);
    this.stage.heed(runs);
  }

  summary() {
    return "";
  }
}

export const mount = mounting(Comparison);
