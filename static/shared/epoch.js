// The epoch on the screen, for the parts of a page beside the player.

const listeners = new Set();
let last = null;

/** Tell all listeners {run, epoch, resting}: what the player shows, and whether it rests there. */
export function announce(news) {
  last = news;
  listeners.forEach((listen) => listen(news));
}

/** Call `listen` with what is on the screen now and later; returns how to end that. */
export function follow(listen) {
  listeners.add(listen);
  if (last) listen(last);
  return () => listeners.delete(listen);
}
