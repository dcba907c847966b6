// The buttons that present a page and that open the list of words. What they open is loaded when it
// is asked for.

import { button, make } from "../shared/dom.js";
import { tr } from "../shared/language.js";

/** @import { Component } from "../shared/types.js" */

const NAME = "present";

/** Return whether the address asks for a presented page. */
export const isPresented = () => new URLSearchParams(location.search).get(NAME) === "1";

/** Show one view at a time, large. */
export async function present() {
  const { begin } = await import("./presenter.js");
  begin();
}

/** Open or close the list of words beside the page. */
export async function toggleWords() {
  const { toggle } = await import("../words/panel.js");
  toggle();
}

/**
 * Return the button that opens the address to take along; what it opens is loaded at its first click.
 * @param {() => [name: string, label: string][]} settings whose controls a shared link can hide or lock
 */
function shareButton(settings) {
  const attributes = { title: tr("The address of this run, to copy") };
  const first = button(
    tr("Share"),
    async () => {
      const { Share } = await import("./share.js");
      if (!first.isConnected) return;
      const { opener, box } = new Share(settings);
      first.replaceWith(opener, box);
      opener.focus();
      opener.click();
    },
    { attributes },
  );
  return first;
}

/**
 * Return the buttons.
 * @param {() => [name: string, label: string][]} [settings] whose controls a shared link can hide or lock
 */
export function toolButtons(settings) {
  const words = button(tr("Words"), toggleWords, {
    attributes: { title: tr("What the words on this page mean") },
  });
  const show = button(tr("Present"), present, {
    kind: "present",
    attributes: { title: tr("Show one view at a time, large, for a projector (P)") },
  });
  const tools = make("div", { class: "tools" }, words, show);
  if (settings) tools.append(shareButton(settings));
  return tools;
}

/**
 * Present when the letter P is pressed in an element, and there is no field to type in.
 * @param {HTMLElement} root
 */
export function presentByKey(root) {
  root.addEventListener("keydown", ({ key, target, ctrlKey, altKey, metaKey }) => {
    const field = target instanceof Element && target.closest("input, select, textarea");
    if (key.toLowerCase() === "p" && !field && !ctrlKey && !altKey && !metaKey) present();
  });
}

/**
 * Present a page whose address asks for it, with a player or without.
 * @param {Component<string>} _component
 */
export function mount(_component) {
  if (isPresented()) present();
  return () => {};
}
