// What the pointer tells and changes: a tip with numbers, and a small form to edit one weight.

import { button, focusedIn, make, setText } from "../shared/dom.js";
import { tr } from "../shared/language.js";

/** @import { Cell, PagePoint } from "../shared/types.js" */

const LIMIT = 1e6; // an edited weight lies within +- this
const GAP = 14; // px between pointer and tip

export class Tip {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.element = make("div", { class: "tip", hidden: true, "aria-hidden": true });
    root.append(this.element);
  }

  /**
   * Show lines of text beside a point of the page.
   * @param {string[]} lines
   * @param {PagePoint} point
   */
  show(lines, { clientX, clientY }) {
    setText(this.element, lines.join("\n"));
    this.element.hidden = false;
    const box = this.root.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const x = clientX - box.left;
    const y = clientY - box.top;
    const left = x + GAP + width > box.width ? x - GAP - width : x + GAP;
    const top = y + GAP + height > box.height ? y - GAP - height : y + GAP;
    this.element.style.transform = `translate(${Math.max(0, left)}px, ${Math.max(0, top)}px)`;
  }

  hide() {
    this.element.hidden = true;
  }
}

export class Editor {
  /** The cell that is edited. @type {Cell | null} */
  #cell = null;
  /** What had the keyboard before. @type {Element | null} */
  #back = null;

  /**
   * @param {HTMLElement} root
   * @param {(cell: Cell, value: number) => void} apply is called for a number that is allowed
   */
  constructor(root, apply) {
    this.root = root;
    this.apply = apply;
    this.label = make("label", { for: "deltascope-weight" });
    this.input = make("input", {
      id: "deltascope-weight",
      inputmode: "decimal",
      autocomplete: "off",
    });
    this.fault = make("p", { class: "fault", role: "alert" });
    const enter = make("button", { type: "submit" }, tr("Apply"));
    const cancel = button(tr("Cancel"), () => this.close());
    const row = make("div", { class: "row" }, this.input, enter, cancel);
    this.form = make(
      "form",
      { class: "editor", hidden: true, on: { submit: (event) => this.#submit(event) } },
      this.label,
      row,
      this.fault,
    );
    this.form.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Escape") this.close();
    });
    root.append(this.form);
  }

  get open() {
    return !this.form.hidden;
  }

  /**
   * Open for a cell beside a point of the page.
   * @param {Cell} cell
   * @param {string} name
   * @param {number} value
   * @param {PagePoint} point
   */
  show(cell, name, value, { clientX, clientY }) {
    this.#back = focusedIn(this.root) ?? document.activeElement;
    this.#cell = cell;
    setText(this.label, name);
    setText(this.fault, "");
    this.form.hidden = false;
    this.input.value = String(Number(value.toPrecision(8)));
    const box = this.root.getBoundingClientRect();
    const room = { x: box.width - this.form.offsetWidth, y: box.height - this.form.offsetHeight };
    const left = Math.max(0, Math.min(room.x, clientX - box.left + GAP));
    const top = Math.max(0, Math.min(room.y, clientY - box.top + GAP));
    this.form.style.transform = `translate(${left}px, ${top}px)`;
    this.input.focus();
    this.input.select();
  }

  close() {
    if (!this.open) return;
    this.form.hidden = true;
    if (this.#back instanceof HTMLElement) this.#back.focus({ preventScroll: true });
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    const text = this.input.value.trim().replace("−", "-").replace(",", ".");
    const value = text === "" ? NaN : Number(text);
    if (!Number.isFinite(value) || Math.abs(value) > LIMIT) {
      setText(
        this.fault,
        tr("Enter a number between −1 000 000 and 1 000 000. You entered “{text}”.", { text }),
      );
      this.input.setAttribute("aria-invalid", "true");
      return this.input.focus();
    }
    this.input.removeAttribute("aria-invalid");
    this.close();
    if (this.#cell) this.apply(this.#cell, value);
  }
}
