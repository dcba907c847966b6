// The epoch on the screen, for the parts of a page beside the player.

/**
 * What the player shows, whether it stays there, and whether the run has come to its end.
 * @typedef {{ run: string | null, epoch: number, resting: boolean, ended: boolean }} ShownEpoch
 * @typedef {(shown: ShownEpoch) => void} Listener
 */

/** @type {Set<Listener>} */
const listeners = new Set();
/** @type {ShownEpoch | null} */
let last = null;

/**
 * Tell all listeners what the player shows.
 * @param {ShownEpoch} shown
 */
export function publishEpoch(shown) {
  last = shown;
  for (const listener of listeners) listener(shown);
}

/**
 * Call a listener with what is on the screen now and later; return how to end that.
 * @param {Listener} listener
 */
export function subscribeToEpoch(listener) {
  listeners.add(listener);
  if (last) listener(last);
  return () => listeners.delete(listener);
}
