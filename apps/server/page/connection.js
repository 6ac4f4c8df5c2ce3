/** A WebSocket that comes back: connects, notices silence, waits and tries again. */

/** How long to wait before the next attempt, in seconds, while a server restarts. */
const first_waits = [0.25, 0.5, 1, 1.5];
/** A server that restarts is asked every two seconds; one that stays away, every ten. */
const patient_wait = 2;
const longest_wait = 10;
const restart_span_ms = 60_000;
const connect_span_ms = 6_000;
const silence_ms = 30_000;
const answer_span_ms = 10_000;

/**
 * The seconds before attempt number `attempt` (0 is the first after a loss).
 * @param {number} attempt
 * @param {number} lost_ms how long the connection has been lost
 * @param {number} chance from 0 to 1: spreads the clients of a server that comes back
 */
export function wait_before(attempt, lost_ms, chance) {
  const steps = Math.max(0, attempt - first_waits.length);
  const wait = attempt < first_waits.length ? first_waits[attempt]
    : lost_ms < restart_span_ms ? patient_wait
      : Math.min(longest_wait, patient_wait * 1.2 ** Math.max(0, steps - 30));
  return Math.min(longest_wait, wait * (0.75 + 0.5 * chance));
}

/** One line per message, both ways; `handlers` hear of all that happens. */
export class connection {
  /**
   * @param {string} url
   * @param {{on_open: function(), on_line: function(string), on_lost: function(),
   *   on_state: function(string, number)}} handlers the state is `connecting`, `open`, `waiting`
   *   (with the seconds) or `closed`
   * @param {function(string): WebSocket} make_socket
   */
  constructor(url, handlers, make_socket = (where) => new WebSocket(where, ['text.ircv3.net'])) {
    this.url = url;
    this.handlers = handlers;
    this.make_socket = make_socket;
    this.socket = null;
    this.timer = 0;
    this.attempt = 0;
    this.lost_at = 0;
    this.wanted = false;
  }

  /** Connects, and from now on again and again. */
  start() {
    this.wanted = true;
    this.attempt = 0;
    this.lost_at = Date.now();
    this.#connect();
  }

  /** Ends the connection for good. */
  stop() {
    this.wanted = false;
    clearTimeout(this.timer);
    this.#drop();
    this.handlers.on_state('closed', 0);
  }

  /** Whether a line can be sent now. */
  get is_open() {
    return this.socket !== null && this.socket.readyState === 1;
  }

  send(line) {
    if (this.is_open) this.socket.send(line);
  }

  /** Something has changed (network, sleep): tries at once, or asks whether anybody is there. */
  hurry() {
    if (!this.wanted) return;
    if (this.is_open) this.#probe(3_000);
    else if (this.socket === null) this.#connect();
  }

  /** Gives up this connection and makes another one. */
  renew() {
    if (!this.wanted) return;
    this.#drop();
    this.#lost();
  }

  /** The login has worked: the next loss is a new one. */
  settled() {
    this.attempt = 0;
  }

  #connect() {
    clearTimeout(this.timer);
    this.#drop();
    this.handlers.on_state('connecting', 0);
    let socket;
    try {
      socket = this.make_socket(this.url);
    } catch {
      this.#lost();
      return;
    }
    this.socket = socket;
    this.timer = setTimeout(() => this.renew(), connect_span_ms);
    socket.onopen = () => {
      this.handlers.on_state('open', 0);
      this.#listen();
      this.handlers.on_open();
    };
    socket.onmessage = (event) => {
      this.#listen();
      this.handlers.on_line(String(event.data));
    };
    socket.onclose = () => this.renew();
  }

  #drop() {
    const socket = this.socket;
    if (socket === null) return;
    this.socket = null;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #lost() {
    clearTimeout(this.timer);
    if (this.attempt === 0) this.lost_at = Date.now();
    const seconds = wait_before(this.attempt, Date.now() - this.lost_at, Math.random());
    this.attempt += 1;
    this.handlers.on_lost();
    if (!this.wanted) return;
    this.handlers.on_state('waiting', seconds);
    this.timer = setTimeout(() => this.#connect(), seconds * 1000);
  }

  #listen() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#probe(answer_span_ms), silence_ms);
  }

  #probe(span_ms) {
    clearTimeout(this.timer);
    this.send('PING :are-you-there');
    this.timer = setTimeout(() => this.renew(), span_ms);
  }
}
