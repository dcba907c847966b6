// What the server has said: its messages, and what follows from them.

import { unpack } from "../shared/payload.js";
import { progressWords } from "./status.js";

/**
 * @import { FrameArrays, PlayerMeta, PlayerSetup, SceneArrays, ServerState } from "../shared/types.js"
 */
/** @import { Player } from "./player.js" */
/** @import { Request } from "./requests.js" */

const AWAY = 500; // ms that a setup may be on its way, though the page counts on it

export class Inbox {
  /** The run that is shown. @type {string | null} */
  run = null;
  /** @type {PlayerSetup | null} */
  setup = null;
  /** @type {ServerState} */
  server = { state: "ok", message: "", trained: 0, best: null };
  /** The run's settings as the query of an address. @type {string | undefined} */
  query = undefined;
  /** Whether the rest of the page was drawn before the last change of the run. */
  behind = false;
  /** The last payload, and the id of the last answer. @type {Uint8Array | null} */
  #data = null;
  #answer = 0;
  /** @type {number | undefined} */
  #missing = undefined;

  /** @param {Player} player */
  constructor(player) {
    this.player = player;
  }

  /**
   * Take in one payload; the same one may come twice. Return whether it answers a request.
   * @param {Uint8Array | null} data
   */
  receive(data) {
    if (!data || data === this.#data) return false;
    this.#data = data;
    const { meta, arrays } =
      /** @type {{ meta: PlayerMeta, arrays: FrameArrays & SceneArrays }} */ (unpack(data));
    this.take(meta, arrays);
    return Boolean(meta.answer);
  }

  /**
   * Take in a message.
   * @param {PlayerMeta} meta
   * @param {FrameArrays & SceneArrays} arrays
   */
  take(meta, arrays) {
    const { changes, clock, display, findings, requests, stage, wire } = this.player;
    const fresh = meta.run !== this.run;
    if (meta.answer && !fresh && meta.answer <= this.#answer) return;
    if (meta.token) wire.connect(meta.token);
    if (meta.setup) this.#arrange(meta, arrays, fresh);
    if (meta.behind) this.behind = true;
    if (meta.run !== this.run || !display.runBuffer) return this.#askForSetup(meta);
    if (meta.answer > requests.first) this.#answer = meta.answer;
    if (meta.query !== undefined) this.query = meta.query;
    // What a page says of the run on the screen may be behind what the wire has brought.
    if (!meta.token || fresh) this.#learn(meta, arrays);
    findings.store(meta.findings);
    if (meta.series_reset) stage.redrawLines();
    const answered = requests.answered(meta.answer);
    if (answered?.kind === "change") changes.settle();
    if (answered?.kind === "apply") clock.release();
    if (meta.pending && !requests.has("apply")) requests.add("apply");
    this.#settle(answered, fresh || this.#replaces(meta.forget_after));
    findings.busy(requests.has("try", "apply", "reset"));
    findings.show(display.epoch);
    clock.wake();
  }

  stop() {
    clearTimeout(this.#missing);
  }

  /**
   * Take in how far the run is, its frames and its history.
   * @param {PlayerMeta} meta
   * @param {FrameArrays} arrays
   */
  #learn(meta, arrays) {
    const { clock, display } = this.player;
    this.server = {
      state: meta.state ?? "ok",
      message: meta.message ?? "",
      trained: meta.trained ?? 0,
      best: meta.best ?? null,
    };
    if (meta.pace) clock.pace.most = meta.pace;
    this.player.readMore(meta);
    if (meta.forget_after !== undefined) this.#forget(meta.forget_after);
    display.runBuffer?.store(arrays, display.epoch, meta.series_reset);
  }

  /**
   * Ask for the setup of a run that this player does not know; unless it is on its way.
   * @param {PlayerMeta} meta
   */
  #askForSetup({ run, token }) {
    const { player } = this;
    const ask = () => {
      if (!player.removed && !player.requests.has("setup")) player.requests.add("setup");
    };
    if (this.run === null) return ask();
    clearTimeout(this.#missing);
    if (token) this.#missing = setTimeout(() => this.run !== run && ask(), AWAY);
  }

  /**
   * @param {PlayerMeta} meta
   * @param {SceneArrays} arrays
   * @param {boolean} fresh whether it is another run
   */
  #arrange({ run, setup, trained }, arrays, fresh) {
    if (!setup) return;
    const { changes, clock, display, findings, options, playback } = this.player;
    const { requests, stage, transport, wire } = this.player;
    this.setup = setup;
    if (fresh) {
      this.run = run;
      display.open(run, setup, arrays, trained ?? 0);
      findings.clear();
      requests.clear();
      clock.release();
      wire.forget();
      options.focus = null;
      playback.set("paused");
    } else {
      display.rearrange(setup, arrays);
    }
    const { example } = options;
    if (example !== null && example >= setup.probe.labels.length) options.example = null;
    transport.name(setup.metric, setup.rescaled);
    stage.arrange(setup, fresh);
    changes.arrange(setup.architecture, fresh);
  }

  /** @param {number} epoch */
  #forget(epoch) {
    const { clock, display, findings } = this.player;
    clock.release();
    findings.forgetAfter(epoch);
    display.forgetAfter(epoch);
  }

  /**
   * Return whether an answer that begins after an epoch has another frame for the screen. The film
   * need not be drawn again for what lies ahead of it.
   * @param {number | undefined} epoch
   */
  #replaces(epoch) {
    if (epoch === undefined) return false;
    return this.player.playback.state !== "playing" || this.player.display.epoch > epoch;
  }

  /**
   * Move on with what the user waits for, now that an answer is here.
   * @param {Request | null} answered the request that was answered
   * @param {boolean} redraw
   */
  #settle(answered, redraw) {
    const { display, playback, requests, transport } = this.player;
    const { state, trained } = this.server;
    if (state === "finished" && display.target !== null) {
      display.target = Math.min(display.target, trained);
    }
    const { target } = display;
    const here = Math.min(display.epoch, trained);
    if (target !== null && display.has(target)) return display.show(target);
    if (redraw && display.has(here)) display.show(here);
    if (target === null || requests.has("seek", "reset")) return;
    if (this.server.state === "diverged" && this.server.trained < target) return playback.fall();
    if (!answered || ["seek", "play"].includes(answered.kind)) {
      requests.add("seek", { epoch: target });
    }
    const { trained: done } = this.server;
    if (display.target !== null && display.target > done) {
      transport.showStatus(progressWords(display.target, done));
    }
  }
}
