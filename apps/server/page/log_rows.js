/** What stands in a log: the entries of a room and its unsent texts as rows, in order. */

import { is_coming_or_going, is_said } from './entries.js';
import { fold } from './irc_line.js';

const together_ms = 5 * 60_000;

function day_of(time) {
  const date = new Date(time);
  return date.getFullYear() * 10_000 + (date.getMonth() + 1) * 100 + date.getDate();
}

/** Days of a row of entries, without a Date for each of them. */
function day_reader() {
  let from = 0;
  let until = 0;
  let day = 0;
  return (time) => {
    if (time < from || time >= until) {
      const date = new Date(time);
      from = new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
      until = new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime();
      day = day_of(time);
    }
    return day;
  };
}

/**
 * The rows of a room.
 * @param {object} room
 * @param {object[]} pending its items of the outbox
 * @returns {{key: string, kind: string, mark: string}[]} `kind` is `day`, `new`, `said`, `folded`,
 *   `event` or `pending`; a row whose `mark` is the same looks the same
 */
export function rows_of(room, pending, is_own) {
  const rows = [];
  const read_day = day_reader();
  let day = 0;
  let last = null; // The entry whose author need not be named again.
  let folded = null;
  let is_new_shown = room.new_since === 0;
  for (const entry of room.entries) {
    const today = read_day(entry.time);
    if (today !== day) {
      rows.push({ key: `d${entry.key}`, kind: 'day', mark: '', time: entry.time });
      day = today;
      last = folded = null;
    }
    if (!is_new_shown && entry.time > room.new_since && is_said(entry) && !is_own(entry)) {
      rows.push({ key: `n${entry.key}`, kind: 'new', mark: '' });
      is_new_shown = true;
      last = folded = null;
    }
    if (is_said(entry)) {
      const same = last !== null && entry.kind === 'text' && last.kind === 'text'
        && last.author === entry.author && entry.time - last.time < together_ms;
      const mark = `${same ? 1 : 0}${entry.doubted ? 1 : 0}${entry.text.length}`;
      rows.push({ key: `t${entry.key}`, kind: 'said', mark, entry, same });
      last = entry;
      folded = null;
    } else if (is_coming_or_going(entry)) {
      if (folded) {
        folded.entries.push(entry);
        folded.mark = `${folded.entries.length} ${entry.key}`;
      } else {
        folded = { key: `e${entry.key}`, kind: 'folded', mark: '1', entries: [entry] };
        rows.push(folded);
      }
      last = null;
    } else {
      rows.push({ key: `x${entry.key}`, kind: 'event', mark: '', entry });
      last = folded = null;
    }
  }
  for (const item of pending)
    rows.push({ key: `p${item.key}`, kind: 'pending', mark: item.state + item.reason, item });
  return rows;
}

function names(list) {
  if (list.length === 1) return list[0];
  if (list.length <= 4) return `${list.slice(0, -1).join(', ')} and ${list.at(-1)}`;
  return `${list.slice(0, 3).join(', ')} and ${list.length - 3} others`;
}

/** Who came and went, in one sentence. */
export function summary_of(entries) {
  const came = new Map();
  const went = new Map();
  const passed = new Map();
  const renamed = [];
  for (const { kind, author, target } of entries) {
    const key = fold(author);
    if (kind === 'nick') {
      renamed.push(`${author} is now ${target}`);
    } else if (kind === 'join') {
      if (went.delete(key)) passed.set(key, `${author} left and came back`);
      else came.set(key, author);
    } else if (came.delete(key)) {
      passed.set(key, `${author} came and left`);
    } else {
      passed.delete(key);
      went.set(key, author);
    }
  }
  const parts = [];
  if (came.size > 0) parts.push(`${names([...came.values()])} joined`);
  if (went.size > 0) parts.push(`${names([...went.values()])} left`);
  const others = [...passed.values(), ...renamed];
  parts.push(...others.slice(0, 2));
  if (others.length > 2) parts.push(`${others.length - 2} more`);
  return parts.join(' \u00b7 ');
}

/** One entry that is no text, in a sentence. */
export function sentence_of(entry) {
  const reason = entry.text === '' ? '' : ` (${entry.text})`;
  switch (entry.kind) {
    case 'join': return `${entry.author} joined`;
    case 'part': case 'quit': return `${entry.author} left${reason}`;
    case 'nick': return `${entry.author} is now ${entry.target}`;
    case 'kick': return `${entry.author} has put ${entry.target} out of the room${reason}`;
    case 'topic': return entry.text === '' ? `${entry.author} has taken the topic away`
      : `${entry.author} has set the topic: ${entry.text}`;
    case 'mode': return `${entry.author} has set the mode ${entry.text}`;
    default: return entry.text;
  }
}
