// The player of a recorded run: what would need a server is not there.

import { Player } from "../player/player.js";
import { Frames } from "../run/frames.js";
import { RunBuffer } from "../run/run_buffer.js";
import { tr } from "../shared/language.js";
import { Stage } from "../views/stage.js";
import { Recorded } from "./recorded.js";

/** @import { PlayerMeta, PlayerSetup, Setup, StageActions } from "../shared/types.js" */
/** @import { Recording } from "./recorded.js" */

/** All frames of a run: none is dropped, and none is waited for. */
export class AllFrames extends Frames {
  constructor() {
    super(Infinity);
  }

  /** The last epoch. */
  get end() {
    return this.epochs[this.epochs.length - 1] ?? 0;
  }

  /**
   * @param {number} epoch
   * @param {number} stride
   * @param {number} count
   */
  frontier(epoch, stride, count) {
    return Math.max(epoch, Math.min(this.end, epoch + stride * count));
  }

  /**
   * Return the recorded epoch that is nearest to an epoch; of two the later one.
   * @param {number} epoch
   */
  nearest(epoch) {
    const later = this.epochs.find((one) => one >= epoch) ?? this.end;
    const before = this.epochs.findLast((one) => one <= epoch) ?? later;
    return later - epoch <= epoch - before ? later : before;
  }
}

export class RecordedPlayer extends Player {
  frames = new AllFrames();

  /**
   * @param {HTMLElement} parent
   * @param {Recording} recording
   */
  constructor(parent, recording) {
    super(parent);
    const source = new Recorded(recording, (meta, arrays) => this.inbox.take(meta, arrays));
    this.wire = source;
    this.sender.carry = (/** @type {object} */ request) => source.send(request);
    this.skip.remove(); // there is nothing to skip
    this.#keepSpeeds(Number(source.epochs[1]) - Number(source.epochs[0]));
    source.begin();
  }

  /** The page has the styles. @returns {string[]} */
  get sheets() {
    return [];
  }

  get steps() {
    return false;
  }

  get hint() {
    return tr("Paused. Click a delta to see only its example.");
  }

  get welcome() {
    return tr("Ready. Train plays the training as it was recorded, Step shows the next epoch.");
  }

  get label() {
    return tr("Training, recorded");
  }

  get span() {
    return this.inbox.server.trained;
  }

  /** @param {number} epoch */
  after(epoch) {
    return this.frames.next(epoch, 1)?.epoch ?? this.frames.end;
  }

  /** @param {number} epoch */
  nearest(epoch) {
    return this.frames.nearest(epoch);
  }

  /** Nothing answers until the recording is known. */
  newWire() {
    return { token: "", connect() {}, send() {}, forget() {}, close() {} };
  }

  /**
   * @param {HTMLElement} root
   * @param {StageActions} act
   */
  newStage(root, act) {
    return new Stage(root, { ...act, edit: undefined, change: undefined });
  }

  /** @param {PlayerSetup} setup */
  newBuffer(setup) {
    const buffer = new RunBuffer(/** @type {Setup} */ (setup).series);
    this.frames = new AllFrames();
    buffer.frames = this.frames;
    return buffer;
  }

  /** @param {PlayerMeta} meta */
  readMore({ story = [] }) {
    for (const one of story) this.findings.store(one);
  }

  /**
   * Leave the speeds that the recording has epochs for.
   * @param {number} every epochs from one frame to the next
   */
  #keepSpeeds(every) {
    const { speed } = this.transport;
    for (const option of [...speed.options]) {
      if (Number(option.value) < every) option.remove();
    }
    speed.dispatchEvent(new Event("change"));
  }
}
