// The address of the page on the screen, to take along: as a QR code, as text, and to copy. It can hide
// controls from those who open it, or lock them.

import { button, make, setText } from "../shared/dom.js";
import { tr } from "../shared/language.js";
import { controlsOf, withControls, withPresent } from "./views.js";

/** @import { ControlStates } from "./views.js" */

const GAP = 8; // px between the button and what it opens

/** Return what a link can do with a control, in words. */
const states = () => ({ show: tr("shown"), lock: tr("locked"), hide: tr("hidden") });

export class Share {
  /** What the shared link does with controls. @type {ControlStates} */
  states = controlsOf(location.search);

  /** @param {() => [name: string, label: string][]} settings whose controls can be hidden or locked */
  constructor(settings = () => []) {
    this.settings = settings;
    this.picture = make("img", { alt: tr("QR code of this address"), width: 320, height: 320 });
    this.address = make("code", {});
    this.said = make("span", { "aria-live": "polite" });
    this.choices = make("div", { class: "choices" });
    this.controls = make(
      "details",
      {},
      make("summary", {}, tr("Hide or lock controls")),
      make("p", {}, tr("For those who open the link. Train, Step and Reset stay.")),
      this.choices,
    );
    const copy = button(tr("Copy"), () => this.#copy());
    this.box = make(
      "div",
      { class: "deltascope-share", popover: "auto", role: "group", "aria-label": tr("Share") },
      make("link", { rel: "stylesheet", href: new URL("share.css", import.meta.url) }),
      this.picture,
      make("p", {}, this.address),
      make("p", {}, copy, " ", this.said),
      this.controls,
    );
    this.opener = button(tr("Share"), () => {}, {
      attributes: { title: tr("The address of this page") },
    });
    this.opener.popoverTargetElement = this.box;
    this.box.addEventListener("beforetoggle", (event) => {
      if (/** @type {ToggleEvent} */ (event).newState === "open") this.#open();
    });
  }

  get elements() {
    return [this.opener, this.box];
  }

  /** The address without presenter mode: who scans it has a small screen. */
  get #shared() {
    const search = withControls(withPresent(location.search, false), this.states);
    return location.origin + location.pathname + search;
  }

  #open() {
    const { bottom, right } = this.opener.getBoundingClientRect();
    this.box.style.top = `${Math.max(GAP, Math.min(bottom + GAP, innerHeight / 3))}px`;
    this.box.style.right = `${Math.max(GAP, innerWidth - right)}px`;
    const settings = this.settings();
    this.controls.hidden = !settings.length;
    if (!this.choices.children.length) {
      this.choices.append(...settings.map(([name, label]) => this.#choice(name, label)));
    }
    this.#fill();
  }

  #fill() {
    const address = this.#shared;
    setText(this.address, address);
    setText(this.said, "");
    const source = new URL("app/static/qr.svg", document.baseURI);
    source.searchParams.set("of", address);
    this.picture.hidden = false;
    this.picture.onerror = () => {
      this.picture.hidden = true; // an address that is too long for a code
    };
    this.picture.src = source.href;
  }

  /**
   * Return the choice of what the link does with the control of a setting.
   * @param {string} name
   * @param {string} label
   */
  #choice(name, label) {
    const options = Object.entries(states()).map(([value, text]) =>
      make("option", { value }, text),
    );
    const take = () => {
      const { [name]: _, ...others } = this.states;
      const state = /** @type {"show" | "hide" | "lock"} */ (select.value);
      this.states = state === "show" ? others : { ...others, [name]: state };
      this.#fill();
    };
    /** @type {HTMLSelectElement} */
    const select = make("select", { "aria-label": label, on: { change: take } }, ...options);
    select.value = this.states[name] ?? "show";
    return make("label", {}, label, select);
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(this.#shared);
      setText(this.said, tr("Copied."));
    } catch {
      getSelection()?.selectAllChildren(this.address);
      setText(this.said, tr("The address is selected. Copy it with Ctrl+C."));
    }
  }
}
