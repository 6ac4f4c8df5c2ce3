/** What the page knows of its rooms: texts in order, each once; members; what is new. */

import { is_said } from './entries.js';
import { fold } from './irc_line.js';

const entries_max = 20_000;
const forgotten_at_once = 5_000;
const out_of_order_ms = 60_000;

/** The channel of a room that a person names: `lobby` and `#lobby` are the same. */
export function channel_of(name) {
  const clean = name.trim();
  if (clean === '') return '';
  return clean.startsWith('#') ? clean : `#${clean}`;
}

/** The room of a channel, as people see it. */
export function room_name(channel) {
  return channel.startsWith('#') ? channel.slice(1) : channel;
}

/** Whether the server could make a channel of this name. */
export function is_channel_name(channel, bytes_max) {
  return /^#[^\s,\x00-\x1f\x7f]+$/.test(channel)
    && new TextEncoder().encode(channel).length <= bytes_max;
}

/** A room, or a private conversation. */
export class room {
  constructor(name, is_private) {
    this.name = name;
    this.key = fold(name);
    this.is_private = is_private;
    this.entries = [];
    this.by_id = new Map();
    this.members = new Map();
    this.topic = '';
    this.joined = false;
    this.wanted = true; // Joined again after a reconnect.
    this.problem = '';
    this.marker = 0; // Texts up to this time are read.
    this.new_since = 0; // Where the line `new` stands; 0: nowhere.
    this.unread = 0;
    this.mentions = 0;
    this.past_complete = is_private;
    this.loading = false;
    this.live_id = ''; // Of the last live line: more lines of it belong to the same text.
    this.changes = 0;
    this.loaded = is_private; // What was said last has been read.
    this.settled = is_private; // And so has what was said while the connection was lost.
    this.hole = null; // The last entry before a gap that is not filled yet.
    this.doubts = 0;
    this.older_not_before = 0;
    this.joined_entry = null; // Our JOIN on this connection: behind it is what was heard live.
  }

  /** How the room is called on the page. */
  get title() {
    return this.is_private ? this.name : room_name(this.name);
  }

  /**
   * Takes in what happens now.
   * @returns {object|null} the entry, or null if it was here already
   */
  add_live(entry) {
    const known = entry.id === '' ? undefined : this.by_id.get(entry.id);
    if (known) {
      // A long text comes in several lines of one msgid, one behind the other.
      if (this.live_id === entry.id && !known.kept && is_said(entry)) {
        known.text += entry.text;
        this.changes += 1;
      }
      return null;
    }
    this.live_id = entry.id;
    this.#forget_doubted(entry);
    this.entries.splice(this.#place_of(entry), 0, entry);
    this.#know(entry);
    if (this.entries.length > entries_max) this.#forget_oldest();
    return entry;
  }

  /**
   * Puts a page of history where it belongs: behind those of its entries that are here already,
   * and else at `position`.
   * @returns {object[]} those that are new here
   */
  merge(page, position) {
    const added = [];
    let at = position;
    let run = [];
    const place = () => {
      this.entries.splice(at, 0, ...run);
      at += run.length;
      run = [];
    };
    for (const entry of page) {
      const known = this.#known(entry);
      if (known) {
        place();
        known.kept = true;
        known.doubted = false;
        if (is_said(entry)) known.text = entry.text;
        at = this.index_of(known) + 1;
        continue;
      }
      this.#know(entry);
      run.push(entry);
      added.push(entry);
    }
    place();
    for (const entry of added) this.#forget_doubted(entry);
    this.changes += 1;
    return added;
  }

  /** What was heard behind `from`, and is not in the history although that has been read. */
  doubt(from, until) {
    for (let i = from; i < until; ++i) {
      const entry = this.entries[i];
      if (!entry.kept && is_said(entry)) {
        entry.doubted = true;
        this.doubts += 1;
      }
    }
    // They were said before what was read now.
    const missed = this.entries.slice(from, until).sort((a, b) => a.time - b.time);
    this.entries.splice(from, missed.length, ...missed);
    for (const entry of this.entries.slice(from)) if (!entry.doubted) this.#forget_doubted(entry);
    this.changes += 1;
  }

  index_of(entry) {
    return this.entries.lastIndexOf(entry);
  }

  find(id) {
    return this.by_id.get(id);
  }

  /** Takes an entry out: it was taken back. */
  remove(id) {
    const entry = this.by_id.get(id);
    if (!entry) return;
    this.by_id.delete(id);
    this.entries.splice(this.index_of(entry), 1);
    this.changes += 1;
  }

  /** Forgets all that was said, so that it is loaded anew. */
  clear() {
    this.entries = [];
    this.by_id.clear();
    this.past_complete = this.is_private;
    this.changes += 1;
  }

  /** Counts anew what is behind the marker. */
  count_unread(is_own, is_mention) {
    this.unread = 0;
    this.mentions = 0;
    for (let i = this.entries.length - 1; i >= 0 && this.entries[i].time > this.marker; --i) {
      const entry = this.entries[i];
      if (!is_said(entry) || is_own(entry)) continue;
      this.unread += 1;
      if (this.is_private || is_mention(entry)) this.mentions += 1;
    }
  }

  /** The time of the newest entry that the server has told, by its clock. */
  server_time() {
    return this.entries.findLast((each) => each.stamp !== '')?.time ?? 0;
  }

  /** The time of the newest text that somebody has said. */
  last_said_time() {
    return this.entries.findLast(is_said)?.time ?? 0;
  }

  /** Own texts come back when they are kept, and by then others may have been heard. */
  #place_of(entry) {
    let at = this.entries.length;
    while (at > 0) {
      const before = this.entries[at - 1];
      const ahead_ms = before.time - entry.time;
      // A clock that was set back says nothing about the order.
      if (before === this.joined_entry || ahead_ms <= 0 || ahead_ms > out_of_order_ms) break;
      at -= 1;
    }
    return at;
  }

  #known(entry) {
    if (entry.id !== '' && this.by_id.has(entry.id)) return this.by_id.get(entry.id);
    // One QUIT or NICK concerns many rooms: live it has the id of one of them only.
    if (entry.kind !== 'quit' && entry.kind !== 'nick') return undefined;
    for (let i = this.entries.length - 1; i >= 0 && this.entries[i].time >= entry.time; --i) {
      const each = this.entries[i];
      if (each.kind === entry.kind && each.author === entry.author && each.time === entry.time)
        return each;
    }
    return undefined;
  }

  #know(entry) {
    if (entry.id !== '') this.by_id.set(entry.id, entry);
    this.changes += 1;
  }

  /** A text that was heard but not kept is there again, said once more by its author's program. */
  #forget_doubted(entry) {
    if (this.doubts === 0 || !is_said(entry)) return;
    const twin = this.entries.findIndex((each) => each.doubted && each.time < entry.time
      && each.text === entry.text && fold(each.author) === fold(entry.author));
    if (twin < 0) return;
    this.by_id.delete(this.entries[twin].id);
    this.entries.splice(twin, 1);
    this.doubts -= 1;
  }

  #forget_oldest() {
    for (const entry of this.entries.splice(0, forgotten_at_once)) this.by_id.delete(entry.id);
    this.past_complete = false;
  }
}

/** All rooms and private conversations of the page. */
export class room_list {
  constructor() {
    this.all = new Map();
  }

  get(name) {
    return this.all.get(fold(name));
  }

  open(name, is_private = false) {
    const known = this.get(name);
    if (known) return known;
    const made = new room(name, is_private);
    this.all.set(made.key, made);
    return made;
  }

  close(name) {
    this.all.delete(fold(name));
  }

  rooms() {
    return [...this.all.values()].filter((each) => !each.is_private);
  }

  conversations() {
    return [...this.all.values()].filter((each) => each.is_private);
  }
}

const ranks = { '@': 2, '+': 1 };

/** A member as 353 names it: prefixes, nick, and user and host behind it. */
export function member_of(word) {
  const [, marks, nick] = /^([@+]*)([^!]*)/.exec(word);
  return { nick, marks, away: false };
}

/** The part of a nick behind `/`: the protocol that its owner speaks. Empty: IRC, or the page. */
export function dialect_of(nick) {
  const at = nick.lastIndexOf('/');
  return at < 0 ? '' : nick.slice(at + 1).replace(/\d+$/, '');
}

/** Operators first, then those with voice, then by name. */
export function sorted_members(members) {
  const rank = (each) => ranks[each.marks[0]] ?? 0;
  return [...members.values()].sort((a, b) => rank(b) - rank(a)
    || (fold(a.nick) < fold(b.nick) ? -1 : 1));
}
