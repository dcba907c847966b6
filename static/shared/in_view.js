// The place of a section of the page that is drawn when a person comes to it: it is as high as the
// section, and says so once to the page when it is on the screen, or soon will be.

import { make } from "./dom.js";

/** @import { Component } from "./types.js" */

const AHEAD = "100px"; // how far below the screen a section begins to be drawn

/**
 * Wait for the screen; `data` is the JSON of {height, words}: the height in pixels, and what is
 * written there until the section is drawn.
 * @param {Component<string>} component
 */
export function mount({ data, parentElement, setTriggerValue }) {
  /** @type {{ height: number, words: string }} */
  const { height, words } = JSON.parse(data);
  const place = make("p", { class: "deltascope-later", role: "status" }, words);
  place.style.cssText = `min-height:${height}px;margin:0;font-size:.875rem`;
  parentElement.append(place);
  const watcher = new IntersectionObserver(
    (entries) => entries.some((entry) => entry.isIntersecting) && setTriggerValue("seen", "1"),
    { rootMargin: AHEAD },
  );
  watcher.observe(place);
  return () => {
    watcher.disconnect();
    place.remove();
  };
}
