/** One login after another: capabilities, nick, and the answers that belong to requests. */

import { connection } from './connection.js';
import { fold, format_line, parse_line } from './irc_line.js';

const wanted_capabilities = [
  'away-notify', 'batch', 'cap-notify', 'draft/chathistory', 'draft/event-playback',
  'draft/message-redaction', 'draft/read-marker', 'echo-message', 'extended-join',
  'labeled-response', 'message-tags', 'multi-prefix', 'server-time', 'setname',
  'soju.im/search', 'standard-replies', 'userhost-in-names',
];
const nick_retry_ms = 4_000;
const own_nick_tries = 4;

/** What a name becomes that people type: a nick that the server takes; may be empty. */
export function nick_of(name, bytes_max = 32) {
  return name.normalize('NFD').replace(/\p{M}/gu, '').trim().replace(/\s+/g, '_')
    .replace(/ß/g, 'ss').replace(/[^A-Za-z0-9[\]\\^{|}_`-]/g, '')
    .replace(/^[0-9-]+/, '').slice(0, bytes_max);
}

/** The value of a token of 005: `\xHH` stands for a byte of UTF-8. */
export function unescaped(value) {
  try {
    return decodeURIComponent(
      value.replace(/%/g, '%25').replace(/\\x([0-9A-F]{2})/gi, '%$1'));
  } catch {
    return value;
  }
}

/** A request whose connection has ended before its answer. */
export class lost_error extends Error {}

/** A conversation with the server that survives its connections. */
export class session {
  /**
   * @param {string} url
   * @param {{on_ready: function(), on_lost: function(), on_message: function(object),
   *   on_state: function(string, number), on_nick: function(string),
   *   on_refused: function(string, string)}} handlers
   * @param {function(string): WebSocket=} make_socket
   */
  constructor(url, handlers, make_socket) {
    this.handlers = handlers;
    this.link = new connection(url, {
      on_open: () => this.#register(),
      on_line: (line) => this.#line(line),
      on_lost: () => this.#lost(),
      on_state: (state, seconds) => handlers.on_state(state, seconds),
    }, make_socket);
    this.wanted_nick = '';
    this.password = '';
    this.nick = '';
    this.own_nicks = new Set();
    this.host_bytes = 32;
    this.#reset();
  }

  /** Logs in as `nick`, now and after every loss of the connection. */
  enter(nick, password = '', owned_before = false) {
    this.wanted_nick = nick;
    this.password = password;
    this.owned = owned_before;
    this.link.start();
  }

  /** Says goodbye. */
  leave() {
    this.send('QUIT', ['']);
    this.link.stop();
    this.#lost();
  }

  hurry() {
    this.link.hurry();
  }

  /** Asks for another nick, and keeps it over reconnects once it is given. */
  change_nick(nick) {
    return this.request('NICK', [nick], { dispatch: true });
  }

  send(command, params = [], tags = {}) {
    this.link.send(format_line(command, params, tags));
  }

  /**
   * Sends a request and waits for its answer.
   * @param {string} command
   * @param {string[]} params
   * @param {{dispatch: boolean}} options dispatch: the lines of the answer are also messages
   * @returns {Promise<object[]>} the lines of the answer; rejected if the connection is lost
   */
  request(command, params, { dispatch = false } = {}) {
    return new Promise((resolve, reject) => {
      if (!this.ready) {
        reject(new lost_error('not connected'));
        return;
      }
      this.label += 1;
      const label = this.label.toString(36);
      this.asked.set(label, { resolve, reject, dispatch });
      this.send(command, params, { label });
    });
  }

  is_me(nick) {
    return fold(nick) === fold(this.nick);
  }

  has(capability) {
    return this.capabilities.has(capability);
  }

  /** A number that the server has told in ISUPPORT. */
  limit(name, otherwise) {
    const value = Number(this.support.get(name));
    return Number.isFinite(value) && value > 0 ? value : otherwise;
  }

  #reset() {
    this.ready = false;
    this.label = 0;
    this.asked = new Map();
    this.batches = new Map();
    this.offered = [];
    this.capabilities = new Set();
    this.support = new Map();
    this.tries = 0;
    clearTimeout(this.nick_timer);
  }

  #register() {
    this.#reset();
    this.send('CAP', ['LS', '302']);
    if (this.password) this.send('PASS', [this.password]);
    this.#try_nick(this.wanted_nick);
    this.send('USER', [fold(this.wanted_nick).replace(/[^a-z0-9._-]/g, '') || 'web', '0', '*',
      this.wanted_nick]);
  }

  #try_nick(nick) {
    this.asked_nick = nick;
    this.send('NICK', [nick]);
  }

  #lost() {
    const asked = this.asked;
    const was_ready = this.ready;
    this.#reset();
    for (const each of asked.values()) each.reject(new lost_error('the connection was lost'));
    if (was_ready) this.handlers.on_lost();
  }

  #line(line) {
    const message = parse_line(line);
    const batch = message.tags.get('batch');
    if (batch !== undefined && this.batches.has(batch)) {
      this.batches.get(batch).lines.push(message);
      return;
    }
    if (message.command === 'BATCH') this.#batch(message);
    else this.#answer(message.tags.get('label'), [message]);
  }

  #batch(message) {
    const [mark, type = '', ...params] = message.params;
    const name = mark.slice(1);
    if (mark.startsWith('+')) {
      const label = message.tags.get('label');
      this.batches.set(name, { type, params, label, lines: [] });
      return;
    }
    const batch = this.batches.get(name);
    this.batches.delete(name);
    if (batch) this.#answer(batch.label, batch.lines);
  }

  #answer(label, lines) {
    const asked = label === undefined ? undefined : this.asked.get(label);
    if (asked) this.asked.delete(label);
    if (!asked || asked.dispatch) for (const line of lines) this.#message(line);
    asked?.resolve(lines.filter((line) => line.command !== 'ACK'));
  }

  #message(message) {
    const { command, params } = message;
    if (command === 'PING') {
      this.send('PONG', [params.at(-1) ?? '']);
    } else if (command === 'CAP') {
      this.#capability(params);
    } else if (command === '001') {
      this.#welcome(params[0]);
    } else if (command === '005') {
      for (const token of params.slice(1, -1)) {
        const [name, value = ''] = token.split('=');
        this.support.set(name, unescaped(value));
      }
    } else if (!this.ready) {
      this.#refusal(message);
    } else if (command === '433' && this.reclaiming && fold(params[1]) === fold(this.wanted_nick)) {
      return; // Still held by a connection of ours that the server has not yet given up.
    } else {
      if (command === '422' || command === '376') this.#begin();
      if (command === 'NICK' && this.is_me(message.source.nick)) this.#named(params[0]);
      this.handlers.on_message(message);
    }
  }

  #capability(params) {
    const word = params[1];
    if (word === 'LS') {
      this.offered.push(...params.at(-1).split(' '));
      if (params[2] === '*' && params.length > 3) return;
      const offered = new Set(this.offered.map((each) => each.split('=')[0]));
      const wanted = wanted_capabilities.filter((each) => offered.has(each));
      if (wanted.length > 0) this.send('CAP', ['REQ', wanted.join(' ')]);
      this.send('CAP', ['END']);
    } else if (word === 'ACK') {
      for (const each of params.at(-1).split(' ')) this.capabilities.add(each);
    }
  }

  #welcome(nick) {
    this.ready = true;
    this.begun = false;
    this.tries = 0;
    this.link.settled();
    const given = fold(nick) === fold(this.wanted_nick);
    this.reclaiming = !given && this.owned;
    if (given) this.owned = true;
    this.nick = nick;
    this.own_nicks.add(fold(nick));
    this.handlers.on_nick(nick, !given);
    if (this.reclaiming) this.#reclaim();
  }

  /** All that a login is answered with has come, ISUPPORT too. */
  #begin() {
    if (this.begun) return;
    this.begun = true;
    this.handlers.on_ready();
  }

  #named(nick) {
    this.nick = nick;
    this.own_nicks.add(fold(nick));
    this.wanted_nick = nick;
    this.owned = true;
    this.reclaiming = false;
    clearTimeout(this.nick_timer);
    this.handlers.on_nick(nick, false);
  }

  /** The nick is held by a connection that the server believes in: asks until it is given up. */
  #reclaim() {
    this.nick_timer = setTimeout(() => {
      if (!this.ready || !this.reclaiming) return;
      this.send('NICK', [this.wanted_nick]);
      this.#reclaim();
    }, nick_retry_ms);
  }

  #refusal({ command, params }) {
    const reason = params.at(-1) ?? '';
    if (command === '433') {
      this.tries += 1;
      // What was ours a moment ago is often given up a moment later.
      if (this.owned && this.tries <= own_nick_tries) {
        this.nick_timer = setTimeout(() => this.#try_nick(this.wanted_nick), 150 * this.tries);
      } else {
        const number = this.tries - (this.owned ? own_nick_tries : 0);
        const suffix = number === 1 ? '_' : `_${number}`;
        this.#try_nick(this.wanted_nick.slice(0, 32 - suffix.length) + suffix);
      }
    } else if (command === '432' || command === '464' || command === '468') {
      this.link.stop();
      this.handlers.on_refused(command, reason);
    } else if (command === 'ERROR') {
      this.handlers.on_refused(command, reason);
    }
  }
}
