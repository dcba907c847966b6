// The page of a recorded run: it takes the run out of the page and shows the player.

import { make } from "../shared/dom.js";
import { tr } from "../shared/language.js";
import { unpack } from "../shared/payload.js";
import { axesLibrary } from "./axes.js";
import { RecordedPlayer } from "./recorded_player.js";

/** @import { Recording } from "./recorded.js" */

/**
 * What the page holds: its title, sentences on the run, and the run, as base64 of gzip.
 * @typedef {{ title: string, about: string[], run: string }} Content
 */

const OLD = tr("This browser is too old for this page. Please open it with a newer one.");

/**
 * Return the bytes of a run in the page.
 * @param {string} text base64 of gzip
 */
export async function inflated(text) {
  const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Show the run that the page holds. */
export async function start() {
  const holder = document.getElementById("deltascope-recording");
  /** @type {Content} */
  const { title, about, run } = JSON.parse(holder?.textContent ?? "{}");
  const place = make("main", {});
  place.append(make("h1", {}, title), ...about.map((words) => make("p", {}, words)));
  document.body.prepend(place);
  document.title = title;
  if (typeof DecompressionStream === "undefined") {
    place.append(make("p", { role: "alert" }, OLD));
    return;
  }
  Object.assign(globalThis, { Plotly: axesLibrary });
  const recording = /** @type {Recording} */ (unpack(await inflated(run)));
  new RecordedPlayer(place, recording);
}
