// The player of the page Train: it can be presented, and it has the list of words beside it.

import { mounting, Player } from "../player/player.js";
import { isPresented, present, presentByKey, toolButtons } from "../present/tools.js";

class TrainPlayer extends Player {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    super(parent);
    this.transport.words.append(toolButtons(() => this.inbox.setup?.shared ?? []));
    presentByKey(this.root);
    if (isPresented()) present();
  }
}

export const mount = mounting(TrainPlayer);
