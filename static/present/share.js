// The address of the page on the screen, to take along: as a QR code, as text, and to copy.

import { button, make, setText } from "../shared/dom.js";
import { tr } from "../shared/language.js";
import { withPresent } from "./views.js";

const GAP = 8; // px between the button and what it opens

/** Return the address without presenter mode: who scans it has a small screen. */
const shared = () => location.origin + location.pathname + withPresent(location.search, false);

export class Share {
  constructor() {
    this.picture = make("img", { alt: tr("QR code of this address"), width: 320, height: 320 });
    this.address = make("code", {});
    this.said = make("span", { "aria-live": "polite" });
    const copy = button(tr("Copy"), () => this.#copy());
    this.box = make(
      "div",
      { class: "deltascope-share", popover: "auto", role: "group", "aria-label": tr("Share") },
      this.picture,
      make("p", {}, this.address),
      make("p", {}, copy, " ", this.said),
    );
    this.opener = button(tr("Share"), () => {}, {
      attributes: { title: tr("The address of this page") },
    });
    this.opener.popoverTargetElement = this.box;
    this.box.addEventListener("beforetoggle", (event) => {
      if (/** @type {ToggleEvent} */ (event).newState === "open") this.#fill();
    });
  }

  get elements() {
    return [this.opener, this.box];
  }

  #fill() {
    const { bottom, right } = this.opener.getBoundingClientRect();
    this.box.style.top = `${bottom + GAP}px`;
    this.box.style.right = `${Math.max(GAP, innerWidth - right)}px`;
    const address = shared();
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

  async #copy() {
    try {
      await navigator.clipboard.writeText(shared());
      setText(this.said, tr("Copied."));
    } catch {
      getSelection()?.selectAllChildren(this.address);
      setText(this.said, tr("The address is selected. Copy it with Ctrl+C."));
    }
  }
}
