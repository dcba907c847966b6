// Keeping the film ahead of the screen: what to ask for next, and how fast to show what is there.

const AHEAD = 130; // frames to hold ready
const LOW = 45; // frames ahead below which more are asked for
const BURST = 90; // frames in one answer: each one makes the page around the player work, too
const BYTES = 4e6; // of frames held ready at most: large networks get fewer
const FEW = 25; // frames ahead below which a slow server's are spread out
const SCREEN = 1000 / 60; // ms between two pictures of an ordinary screen

/** How far {frames, epoch, stride} is buffered: the last epoch in reach, and the frames up to it. */
export function buffered({ frames, epoch, stride }) {
  const from = frames.frontier(epoch, stride, AHEAD);
  return { from, ahead: (from - epoch) / stride };
}

/** The ask {from, stride, count} that fills the buffer up to `limit`, or null if there is enough. */
export function wanted({ frames, epoch, stride, limit, bytes }) {
  const { from, ahead } = buffered({ frames, epoch, stride });
  const most = Math.max(4, Math.min(AHEAD, Math.floor(BYTES / bytes)));
  const room = limit - from;
  if (room <= 0 || ahead >= Math.min(LOW, most / 2)) return null;
  const step = Math.min(stride, room);
  const count = Math.min(BURST, most, Math.ceil(AHEAD - ahead), Math.floor(room / step));
  return { from, stride: step, count };
}

/**
 * Spreads frames out evenly until the next answer where the server is slower than the screen, and
 * catches up where the browser missed a picture of the screen.
 */
export class Pace {
  constructor() {
    this.credit = 1; // of a frame
    this.missed = 0; // ms
  }

  /** How many frames to go on by. One where every epoch is to be seen; of a faster film a frame
   * may be left out for a picture that the screen did not get. */
  stride(ahead, passed, every) {
    this.missed = Math.min(3 * SCREEN, Math.max(0, this.missed + passed - SCREEN));
    if (every || ahead <= FEW || this.missed < SCREEN * 0.9) return 1;
    this.missed -= SCREEN;
    return 2;
  }

  /** Whether a frame is due: `ahead` frames are there, the next come in `wait` ms, `passed` ms went by. */
  due(ahead, wait, passed) {
    const share = (ahead * passed) / Math.max(wait, passed, 1);
    this.credit = ahead > FEW ? 1 : Math.min(1, this.credit + share);
    if (this.credit < 1) return false;
    this.credit = 0;
    return true;
  }
}
