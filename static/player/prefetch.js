// Keeping frames ready ahead of the screen: what to request next, and how fast to show what is there.

/** @import { FramesLike } from "../shared/types.js" */

/**
 * The frames in the browser, the epoch on the screen, and the epochs per frame.
 * @typedef {{ frames: Pick<FramesLike, "frontier">, epoch: number, stride: number }} Playhead
 * @typedef {{ from: number, stride: number, count: number }} FrameRequest
 */

const AHEAD = 130; // frames to hold ready
const LOW = 45; // frames ahead below which more are requested
const BURST = 90; // frames in one answer: each one makes the page around the player work, too
const BYTES = 4e6; // of frames held ready at most: large networks get fewer
const FEW = 25; // frames ahead below which a slow server's are spread out
const FASTEST = 60; // frames per second
const CALM = 20; // frames per second below which the buffer gets no smaller
const SCREEN = 1000 / 60; // ms between two pictures of an ordinary screen

/**
 * Return how far the playhead is buffered: the last epoch in reach, and the frames up to it.
 * @param {Playhead} playhead
 */
export function buffered({ frames, epoch, stride }) {
  const from = frames.frontier(epoch, stride, AHEAD);
  return { from, ahead: (from - epoch) / stride };
}

/**
 * Return the request that fills the buffer up to the epoch `limit`, or null if there is enough.
 *
 * A busy server feeds fewer frames a second. Then fewer are held ready, because a changed choice
 * makes them void, and the server has to compute others.
 * @param {Playhead & { limit: number, bytes: number, pace: number }} playhead `bytes` is the size of
 *   a frame, `pace` the frames per second that the server can feed
 * @returns {FrameRequest | null}
 */
export function nextRequest({ frames, epoch, stride, limit, bytes, pace }) {
  const { from, ahead } = buffered({ frames, epoch, stride });
  const share = Math.min(1, Math.max(pace, CALM) / FASTEST);
  const most = Math.max(4, Math.min(AHEAD * share, Math.floor(BYTES / bytes)));
  const room = limit - from;
  if (room <= 0 || ahead >= Math.min(LOW * share, most / 2)) return null;
  const step = Math.min(stride, room);
  const wanted = Math.min(BURST * share, most, AHEAD * share - ahead);
  const count = Math.min(Math.ceil(wanted), Math.floor(room / step));
  return { from, stride: step, count };
}

/**
 * Spreads frames out evenly until the next answer where the server is slower than the screen, and
 * catches up where the browser missed a picture of the screen.
 */
export class Pace {
  /** @param {number} [most] frames per second that the server can feed */
  constructor(most = FASTEST) {
    this.credit = 1; // of a frame
    this.missed = 0; // ms
    this.most = most;
    this.owed = 1; // of a frame, by that rate
  }

  /**
   * Return how many frames to go on by: one where `every` epoch is to be seen; otherwise a frame may
   * be left out for a picture that the screen missed.
   * @param {number} ahead frames that are ready
   * @param {number} passed ms since the last picture
   * @param {boolean} every
   */
  stride(ahead, passed, every) {
    this.missed = Math.min(3 * SCREEN, Math.max(0, this.missed + passed - SCREEN));
    if (every || ahead <= FEW || this.missed < SCREEN * 0.9) return 1;
    this.missed -= SCREEN;
    return 2;
  }

  /**
   * Return whether the next frame is due.
   * @param {number} ahead frames that are ready
   * @param {number} wait ms until more frames come
   * @param {number} passed ms since the last picture
   */
  due(ahead, wait, passed) {
    if (this.most < FASTEST) {
      this.owed = Math.min(2, this.owed + (passed * this.most) / 1000);
      if (this.owed < 1) return false;
      this.owed -= 1;
    }
    const share = (ahead * passed) / Math.max(wait, passed, 1);
    this.credit = ahead > FEW ? 1 : Math.min(1, this.credit + share);
    if (this.credit < 1) return false;
    this.credit = 0;
    return true;
  }
}
