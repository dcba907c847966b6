// Brings the page back when the server was away. A restarted server has lost the session, and the
// address still holds the run: the page is loaded again. If only the network was gone, Streamlit
// goes on by itself.

import { make } from "./dom.js";
import { tr } from "./language.js";

const EVERY = 250; // ms between two requests to the server
const PATIENCE = 2000; // ms for an answer
const AWAY = "deltascope-away";
const STYLE = `.${AWAY} [data-testid=stDialog] { display: none; }
.${AWAY}-notice { position: fixed; inset: auto 1rem 1rem; z-index: 1000000; padding: 0.75rem 1rem;
  border-radius: 0.5rem; background: #1f2430; color: #ffffff; text-align: center; }`;

const AWAY_WORDS = tr(
  "The server does not answer. This page reloads as soon as the server answers again.",
);
const TABLE_WORDS = tr(
  "If the server was restarted, your table is lost: open the file again, or the project if you " +
    "have saved one.",
);

class Watch {
  /** @type {HTMLElement | null} */
  #notice = null;
  #begun = false; // whether the connection has ever stood
  #away = false;
  #waiting = false; // whether the server is being asked
  #address = "";

  /**
   * Watch the connection, whose state Streamlit writes at the element `app`.
   * @param {HTMLElement} app
   */
  constructor(app) {
    this.started = this.#fetchStart(); // tells this start of the server from the next
    document.head.append(make("style", {}, STYLE));
    const look = () => this.#update(app.dataset.testConnectionState);
    new MutationObserver(look).observe(app, { attributeFilter: ["data-test-connection-state"] });
    look();
  }

  /**
   * Note whether the connection stands; before it first stands, there is nothing to lose.
   * @param {string | undefined} state
   */
  #update(state) {
    this.#begun ||= state === "CONNECTED";
    this.#away = this.#begun && state !== "CONNECTED";
    document.body.classList.toggle(AWAY, this.#away);
    if (!this.#away) this.#showNotice("");
    if (this.#away && !this.#waiting) this.#wait();
  }

  /**
   * Show a sentence below the page; "" takes it away.
   * @param {string} words
   */
  #showNotice(words) {
    this.#notice?.remove();
    this.#notice = words ? make("div", { class: `${AWAY}-notice`, role: "status" }, words) : null;
    if (this.#notice) document.body.append(this.#notice);
  }

  #words() {
    const ownTable = new URLSearchParams(location.search).get("dataset") === "own";
    return ownTable ? `${AWAY_WORDS} ${TABLE_WORDS}` : AWAY_WORDS;
  }

  /** Ask until the server is back; load the page again if the server was started again. */
  async #wait() {
    this.#waiting = true;
    for (let known = ""; !known || this.#away; ) {
      if (this.#away) this.#address = location.href; // Streamlit, once connected, writes another
      known = await this.#fetchStart();
      if (known && known !== (await this.started)) return this.#reload();
      if (!known && !this.#notice) this.#showNotice(this.#words());
      await new Promise((resolve) => setTimeout(resolve, EVERY));
    }
    this.#waiting = false;
    this.#showNotice("");
  }

  /** Load the page again at the address that it had when the server went. */
  #reload() {
    if (location.href === this.#address) location.reload();
    else location.replace(this.#address);
  }

  /** Return what tells this start of the server from others; "" while it does not answer. */
  async #fetchStart() {
    try {
      const address = new URL("app/static/started", document.baseURI);
      const signal = AbortSignal.timeout(PATIENCE);
      const answer = await fetch(address, { cache: "no-store", signal });
      return answer.ok ? await answer.text() : "";
    } catch {
      return "";
    }
  }
}

/** Watch from the moment at which Streamlit draws its first element. */
function begin() {
  const app = document.querySelector("[data-test-connection-state]");
  if (app instanceof HTMLElement) new Watch(app);
  return Boolean(app);
}

/**
 * Add the rest of the address to the link to a page in another language, before it is followed.
 * @param {MouseEvent} event
 */
function keepChoices(event) {
  const target = event.target instanceof Element ? event.target : null;
  const link = target?.closest("a[hreflang]");
  if (!(link instanceof HTMLAnchorElement)) return;
  const address = new URL(location.href);
  address.searchParams.set("lang", link.hreflang);
  link.href = address.href;
}

document.addEventListener("click", keepChoices, { capture: true });

if (!begin()) {
  const waiting = new MutationObserver(() => begin() && waiting.disconnect());
  waiting.observe(document.body, { childList: true, subtree: true });
}
