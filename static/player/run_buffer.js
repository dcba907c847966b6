// The film of one run as far as it has arrived: its frames, its history, and the losses at an epoch.

import { Frames } from "./frames.js";
import { History } from "./history.js";
import { row } from "../shared/payload.js";

export class Reel {
  /** `names` are the columns of the history; `bytes` of frames are kept. */
  constructor(names, bytes) {
    this.names = names;
    this.frames = new Frames(bytes);
    this.history = new History(names);
  }

  /** Takes in the arrays of a message, around the epoch on screen; `anew` replaces the history. */
  store(arrays, shown, anew) {
    const { epochs, series, series_epochs: points, records } = arrays;
    if (anew) this.history.clear();
    if (series) this.history.append(points.values, series.values);
    if (records) this.#mend(epochs.values, records);
    const rows = new Map();
    if (series) points.values.forEach((epoch, i) => rows.set(epoch, row(series, i)));
    epochs?.values.forEach((epoch, i) => {
      const record = records ? row(records, i) : rows.get(epoch);
      this.frames.add({ epoch, record, ...frameOf(arrays, i) }, shown);
    });
  }

  // An answer that got lost leaves a gap in the history: frames sent again close it.
  #mend(epochs, records) {
    epochs.forEach((epoch, i) => {
      if (epoch > this.history.last) this.history.append([epoch], row(records, i));
    });
  }

  forgetAfter(epoch) {
    this.frames.forgetAfter(epoch);
    this.history.forgetAfter(epoch);
  }

  /** The series at a frame: from its own record, else (`exact` false) the nearest point before. */
  losses({ epoch, record }) {
    const of = (name, i) => (record ? record[i] : this.history.at(name, epoch)?.value);
    const losses = Object.fromEntries(this.names.map((name, i) => [name, of(name, i)]));
    return { ...losses, exact: !!record || this.history.at("train", epoch)?.epoch === epoch };
  }
}

function frameOf({ theta, delta, delta_scale: scale, muted }, i) {
  return {
    theta: row(theta, i),
    delta: row(delta, i),
    scale: row(scale, i),
    muted: muted ? row(muted, i) : null,
  };
}
