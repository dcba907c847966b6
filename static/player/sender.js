// What goes to the server: requests, and which epoch is on the screen.

/** @import { Player } from "./player.js" */
/** @import { SentRequest } from "./requests.js" */

const SOON = 60; // ms between two messages on the epoch that is shown
// What changes the session, not the run alone, goes to the page and not through the wire.
const OF_THE_PAGE = ["reset", "try", "change", "setup", "open", "drop"];

export class Sender {
  /** The epoch that the server knows to be shown, and since when. */
  #epoch = -1;
  #since = 0;
  /** @type {number | undefined} */
  #timer = undefined;

  /**
   * Hand a request to the page; set by whoever mounts the player.
   * @type {(request: object) => void}
   */
  carry = () => {};

  /** @param {Player} player */
  constructor(player) {
    this.player = player;
  }

  /** @param {SentRequest} request */
  send(request) {
    const { clock, display, inbox, playback, wire } = this.player;
    this.#epoch = display.epoch;
    this.#since = performance.now();
    const place = request.kind === "apply" ? clock.ahead() : { at: display.epoch };
    const asked = {
      run: inbox.run,
      ...place,
      playing: playback.state === "playing",
      setup: inbox.setup?.id,
      ...request,
    };
    const ofThePage =
      OF_THE_PAGE.includes(request.kind) || (inbox.behind && request.kind === "shown");
    if (wire.token && !ofThePage) wire.send({ ...asked, known: display.runBuffer?.known });
    else this.carry(asked);
    clock.wake();
  }

  // A button beside the player is about the epoch on the screen, so the server has to know it before
  // the press. It cannot come with the press: Streamlit takes what two parts of a page send at the
  // same time for one.
  sendEpoch() {
    const { display, playback, requests } = this.player;
    clearTimeout(this.#timer);
    if (this.#epoch === display.epoch || playback.state === "playing") return;
    if (display.target !== null) return; // the request for that epoch says so
    const wait = SOON - (performance.now() - this.#since);
    if (wait > 0) {
      this.#timer = setTimeout(() => this.sendEpoch(), wait);
      return;
    }
    const { out } = requests;
    if (!out || out.kind === "shown") requests.add("shown");
    else if (out.kind === "play" || out.kind === "seek") this.send(out);
  }

  stop() {
    clearTimeout(this.#timer);
  }
}
