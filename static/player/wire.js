// The player's own connection to the server: requests as text, answers as bytes.
//
// A request is kept until its answer is here. When the connection is lost, it is opened again and
// the request is sent again, so nothing has to be waited for.

const FIRST = 100; // ms until the first attempt to connect again
const LONGEST = 2000; // ms between two later ones
const PATIENCE = 1000; // ms without a connection after which the user reads of it
const ENDED = 4401; // the code of the server for a session that has ended

const ADDRESS = "live";

/**
 * Return the address of the connection for a page.
 * @param {string} page the address of the document
 */
export function addressOf(page) {
  const url = new URL(ADDRESS, page);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  url.search = "";
  url.hash = "";
  return url.href;
}

/**
 * What the connection needs of the browser; a test gives its own.
 * @typedef {{ open: (address: string) => WebSocket, page: string }} Browser
 */

/** @returns {Browser} */
const thisBrowser = () => ({
  open: (address) => new WebSocket(address),
  page: document.baseURI,
});

export class Wire {
  /** By which the server knows the session; "" before the page has said it. */
  token = "";
  /** The request whose answer is not here yet. @type {string | null} */
  #kept = null;
  /** @type {WebSocket | null} */
  #socket = null;
  #attempts = 0;
  /** Timers. @type {number | undefined} */
  #again = undefined;
  /** @type {number | undefined} */
  #complaint = undefined;

  /**
   * @param {(message: Uint8Array) => boolean} receive takes a message in, and returns whether it
   *   is an answer: the server also sends what a touch of the page has changed
   * @param {(lost: boolean) => void} tell called when the connection is lost, and when it is back
   * @param {Browser} [browser]
   */
  constructor(receive, tell, browser = thisBrowser()) {
    this.receive = receive;
    this.tell = tell;
    this.browser = browser;
  }

  /**
   * Connect as the session with this token.
   * @param {string} token
   */
  connect(token) {
    if (token === this.token) return;
    this.#drop();
    this.token = token;
    this.#open();
  }

  /**
   * Send a request; it takes the place of one that has not been answered.
   * @param {object} request
   */
  send(request) {
    this.#kept = JSON.stringify(request);
    if (this.#ready) this.#socket?.send(this.#kept);
  }

  /** Forget the request that is on its way: nobody waits for it any more. */
  forget() {
    this.#kept = null;
  }

  close() {
    this.token = "";
    this.#drop();
  }

  get #ready() {
    return this.#socket?.readyState === 1;
  }

  #open() {
    const socket = this.browser.open(addressOf(this.browser.page));
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    socket.onopen = () => {
      clearTimeout(this.#complaint);
      this.#complaint = undefined;
      if (this.#attempts) this.tell(false);
      this.#attempts = 0;
      socket.send(this.token);
      if (this.#kept !== null) socket.send(this.#kept);
    };
    socket.onmessage = ({ data }) => {
      const kept = this.#kept; // taking an answer in may send the next request
      if (this.receive(new Uint8Array(data)) && this.#kept === kept) this.#kept = null;
    };
    socket.onclose = ({ code }) => {
      if (this.#socket === socket) this.#lose(code);
    };
  }

  /** @param {number} code */
  #lose(code) {
    this.#socket = null;
    this.#complaint ??= setTimeout(() => this.tell(true), PATIENCE);
    if (code === ENDED) return; // the page brings the token of a new session
    const wait = Math.min(LONGEST, FIRST * 2 ** this.#attempts);
    this.#attempts += 1;
    this.#again = setTimeout(() => this.#open(), wait);
  }

  #drop() {
    clearTimeout(this.#again);
    clearTimeout(this.#complaint);
    this.#complaint = undefined;
    this.#attempts = 0;
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }
}
