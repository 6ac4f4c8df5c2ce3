/** Texts that were typed and that the server has not confirmed. Each is sent in its turn, and none
 * is forgotten because a connection ends. */

import { new_key } from './entries.js';
import { fold } from './irc_line.js';

/**
 * waiting: to be sent; sent: no answer yet; unsure: the connection ended before the answer, so the
 * history has to tell; asking: only its author can tell; failed: refused by the server.
 */
export class outbox {
  constructor() {
    this.items = [];
  }

  /**
   * @param {string} room its name
   * @param {string} kind `text` or `action`
   * @param {string} nick of the author
   * @param {number} behind the time of the newest entry of the room, by the server's clock
   */
  add(room, kind, text, nick, behind) {
    const item = {
      key: new_key(), room, kind, text, nick, behind, state: 'waiting', reason: '',
      time: Date.now(),
    };
    this.items.push(item);
    return item;
  }

  /** What a room shows behind its log. */
  of(room_key) {
    return this.items.filter((each) => fold(each.room) === room_key);
  }

  /** Takes an item out: it was confirmed, or its author does not want it any more. */
  remove(item) {
    this.items = this.items.filter((each) => each !== item);
  }

  refuse(item, reason) {
    item.state = 'failed';
    item.reason = reason;
  }

  /** The connection has ended: what was sent may have been heard or not. */
  lost() {
    for (const item of this.items) if (item.state === 'sent') item.state = 'unsure';
  }

  /**
   * Finds texts of ours among those that the history has told after a loss.
   * @param {object[]} added entries that this page did not have before
   */
  claim(room_key, added) {
    for (const entry of added) {
      const item = this.items.find((each) => each.state === 'unsure'
        && fold(each.room) === room_key && each.kind === entry.kind && each.text === entry.text
        && fold(each.nick) === fold(entry.author) && entry.time > each.behind);
      if (item) this.remove(item);
    }
  }

  /**
   * The history has been read: what it does not have was not kept, and is sent again.
   * @param {boolean} known false: there is no history, so only the author can decide
   */
  settle(room_key, known) {
    for (const item of this.of(room_key))
      if (item.state === 'unsure') item.state = known ? 'waiting' : 'asking';
  }

  /** The items that may be sent now, in order; none while an earlier one is unsure. */
  due(room_key) {
    const items = this.of(room_key);
    if (items.some((each) => each.state === 'unsure')) return [];
    return items.filter((each) => each.state === 'waiting');
  }

  /** What is kept while the page is loaded again. */
  save() {
    return this.items.map((each) => ({ ...each }));
  }

  load(saved) {
    for (const each of saved) {
      const state = each.state === 'sent' ? 'unsure' : each.state;
      this.items.push({ ...each, key: new_key(), state });
    }
  }
}
