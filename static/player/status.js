// The sentences in the transport bar.

import { number, whole } from "../shared/format.js";
import { tr } from "../shared/language.js";

/** @import { PlayerState } from "../shared/types.js" */

const TOLERANCE = 1e-6; // relative difference from a link's loss that needs no mention

/**
 * What an epoch at rest depends on: why the run may not be played, what the server says of its end,
 * the last epoch shown, whether little motion is wanted, and the sentences of the kind of player.
 * @typedef {{
 *   locked: string, state: PlayerState, message: string, epoch: number, reached: number,
 *   still: boolean, welcome: string, hint: string
 * }} Standstill
 */

/**
 * Return what is said of an epoch that stays on the screen.
 * @param {Standstill} standstill
 */
export function restingWords({ locked, state, message, epoch, reached, still, welcome, hint }) {
  if (locked) return locked;
  if (state === "finished")
    return message || tr("Finished at epoch {epoch}.", { epoch: whole(epoch) });
  if (still) return tr("Reduced motion is on: Train shows one step per second.");
  return reached === 0 ? welcome : hint;
}

/**
 * @param {number} target the epoch that the user waits for
 * @param {number} done the epochs trained so far
 */
export function progressWords(target, done) {
  return tr("Training to epoch {target}, now at {epoch}. Pause stops it.", {
    target: whole(target),
    epoch: whole(done),
  });
}

/** @param {number} epoch the last good one */
export function divergedWords(epoch) {
  return tr("Training diverged after epoch {epoch}; this epoch is the last good one.", {
    epoch: whole(epoch),
  });
}

/**
 * Return how far a loss is from the one that a link carries: another machine may round differently.
 * Empty: they agree.
 * @param {number} epoch
 * @param {number} found
 * @param {number} promised
 */
export function differenceWords(epoch, found, promised) {
  const off = Math.abs(found - promised) / Math.abs(promised);
  if (off <= TOLERANCE) return "";
  return tr(
    "This computer gives slightly different numbers: the loss at epoch {epoch} is {found}, " +
      "in the link it is {promised} ({difference} % difference).",
    {
      epoch: whole(epoch),
      found: number(found, 6),
      promised: number(promised, 6),
      difference: number(100 * off, 2),
    },
  );
}
