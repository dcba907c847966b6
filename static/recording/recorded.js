// The source of a run that is in the page itself: it answers the player as the server does.
//
// All frames are handed over at the beginning, so an answer only says where the run ended.

/** @import { FrameArrays, PlayerMeta, SceneArrays, WireLike } from "../shared/types.js" */

/**
 * What the page holds: a message of the server with every frame of the run.
 * @typedef {{ meta: PlayerMeta, arrays: FrameArrays & SceneArrays }} Recording
 */

/** @implements {WireLike} */
export class Recorded {
  /** Requests are answered here, and need nobody's name. */
  token = "recorded";
  /** How often the run was begun. */
  #turn = 1;
  #closed = false;

  /**
   * @param {Recording} recording
   * @param {(meta: PlayerMeta, arrays: FrameArrays & SceneArrays) => void} take
   */
  constructor(recording, take) {
    this.recording = recording;
    this.take = take;
  }

  /** The epochs whose frames are here, in order. @returns {ArrayLike<number>} */
  get epochs() {
    return this.recording.arrays.epochs?.values ?? [];
  }

  connect() {}

  forget() {}

  close() {
    this.#closed = true;
  }

  /**
   * Answer a request, not before the caller is done.
   * @param {{ id?: number, kind?: string }} request
   */
  send({ id = 0, kind }) {
    queueMicrotask(() => {
      if (this.#closed) return;
      if (kind === "reset") this.begin(id);
      else this.take(this.#answer(id), {});
    });
  }

  /**
   * Hand over the whole run, at epoch 0.
   * @param {number} id of the request that is answered
   */
  begin(id = 0) {
    if (id) this.#turn += 1;
    const { setup, story } = this.recording.meta;
    if (!setup) throw new Error("the recording has no setup");
    const fresh = { ...setup, goto: 0, reached: 0, serial: this.#turn };
    const meta = { ...this.#answer(id), setup: fresh, story, series_reset: true };
    this.take(meta, this.recording.arrays);
  }

  /**
   * Return the answer that says where the run ended.
   * @param {number} id
   * @returns {PlayerMeta}
   */
  #answer(id) {
    const { state, message, trained, best } = this.recording.meta;
    return { answer: id, run: `recording ${this.#turn}`, state, message, trained, best };
  }
}
