// Brings the page back when the server was away. A restarted server has lost the session, and the
// address still holds the run: the page is loaded anew. If only the network was gone, Streamlit
// goes on by itself.

import { make } from "./dom.js";

const EVERY = 250; // ms between two looks whether the server is back
const PATIENCE = 2000; // ms for an answer
const AWAY = "deltascope-away";
const STYLE = `.${AWAY} [data-testid=stDialog] { display: none; }
.${AWAY}-notice { position: fixed; inset: auto 1rem 1rem; z-index: 1000000; padding: 0.75rem 1rem;
  border-radius: 0.5rem; background: #1f2430; color: #ffffff; text-align: center; }`;

const FORGOTTEN = `If it was restarted, your table is no longer there: open the file again, or the
  project if you have saved one.`;

class Watch {
  /** Watches the connection that the element `app` tells of. */
  constructor(app) {
    this.begun = this.away = this.asking = false;
    this.notice = "";
    this.started = this.start(); // tells this start of the server from the next
    document.head.append(make("style", {}, STYLE));
    const look = () => this.look(app.dataset.testConnectionState);
    new MutationObserver(look).observe(app, { attributeFilter: ["data-test-connection-state"] });
    look();
  }

  /** Notes whether the connection stands; before it first stands, there is nothing to lose. */
  look(state) {
    this.begun ||= state === "CONNECTED";
    this.away = this.begun && state !== "CONNECTED";
    document.body.classList.toggle(AWAY, this.away);
    if (!this.away) this.say("");
    if (this.away && !this.asking) this.ask();
  }

  /** Shows a sentence below the page; "" takes it away. */
  say(words) {
    if (this.notice) this.notice.remove();
    this.notice = words && make("div", { class: `${AWAY}-notice`, role: "status" }, words);
    if (words) document.body.append(this.notice);
  }

  words() {
    const back = "The server does not answer. This page comes back by itself as soon as it does.";
    const own = new URLSearchParams(location.search).get("dataset") === "own";
    return own ? `${back} ${FORGOTTEN}` : back;
  }

  /** Asks until the server is back; one that was started anew gets the page anew. */
  async ask() {
    this.asking = true;
    for (let known = ""; !known || this.away; ) {
      if (this.away) this.address = location.href; // Streamlit, once connected, writes another one
      known = await this.start();
      if (known && known !== (await this.started)) return this.load();
      if (!known && !this.notice) this.say(this.words());
      await new Promise((resolve) => setTimeout(resolve, EVERY));
    }
    this.asking = false;
    this.say("");
  }

  /** Loads the page anew at the address that it had when the server went. */
  load() {
    if (location.href === this.address) location.reload();
    else location.replace(this.address);
  }

  /** What tells the server's start from others; "" while it does not answer. */
  async start() {
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

/** Watches from the moment at which Streamlit draws its first element. */
function begin() {
  const app = document.querySelector("[data-test-connection-state]");
  if (app) new Watch(app);
  return Boolean(app);
}

if (!begin()) {
  const waiting = new MutationObserver(() => begin() && waiting.disconnect());
  waiting.observe(document.body, { childList: true, subtree: true });
}
