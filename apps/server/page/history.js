/** Reads what was said before: the newest page, older pages, what a lost connection has missed. */

import { entries_of, is_said } from './entries.js';

const said_at_least = 30;
const pages_max = 10;
const gap_pages_max = 200;
const doubtful_ms = 10_000;
const crossing_ms = 3_000; // What is said on another node comes here by then, or not at all.
const commit_wait_ms = 100;
const commit_tries = 50; // A disk may be slow; who gives up too early shows what was lost as kept.

/** Whether the server keeps what is said. */
export function has_history(session) {
  return session.has('draft/chathistory') && session.has('batch');
}

function page_size(session) {
  return Math.min(100, session.limit('CHATHISTORY', 100));
}

async function ask(session, params) {
  const lines = await session.request('CHATHISTORY', params.map(String));
  const failure = lines.find((line) => line.command === 'FAIL' || /^[45]\d\d$/.test(line.command));
  if (failure) throw new Error(failure.params.at(-1));
  return lines;
}

function said_in(entries) {
  return entries.filter(is_said).length;
}

/** Loads pages in front of the log until there is something to see, or nothing more. */
async function load_older(session, room, said_before) {
  const size = page_size(session);
  let said = said_before;
  const added = [];
  for (let i = 0; i < pages_max && said < said_at_least && !room.past_complete; ++i) {
    const oldest = room.entries.find((each) => each.id !== '');
    const lines = oldest
      ? await ask(session, ['BEFORE', room.name, `msgid=${oldest.id}`, size])
      : await ask(session, ['LATEST', room.name, '*', size]);
    if (lines.length === 0 && oldest && i === 0) {
      // The oldest text may have been taken back meanwhile, and then nobody knows what is before.
      const again = await ask(session, ['BEFORE', room.name, `timestamp=${oldest.stamp}`, size]);
      lines.push(...again);
    }
    if (lines.length < size) room.past_complete = true;
    const fresh = room.merge(entries_of(lines), 0);
    if (fresh.length === 0 && !room.past_complete && lines.length > 0 && i > 0) break;
    added.push(...fresh);
    said += said_in(fresh);
  }
  return added;
}

/** Whether our own JOIN has to be in the history, and so all that was said before it. */
function shows_joins(session, joined) {
  return session.has('draft/event-playback') && joined.id !== '';
}

function is_in(lines, joined) {
  return lines.some((line) => line.tags.get('msgid') === joined.id);
}

/** Asks again until our own JOIN is there: what was said before it may still be on its way. */
async function ask_up_to(session, params, size, joined) {
  let lines = await ask(session, params);
  for (let i = 0; i < commit_tries && shows_joins(session, joined); ++i) {
    if (lines.length >= size || is_in(lines, joined)) break;
    await new Promise((resolve) => setTimeout(resolve, commit_wait_ms));
    lines = await ask(session, params);
  }
  return lines;
}

/**
 * Loads what was said last in a room that has been entered for the first time.
 * @param {object} joined the entry of our own JOIN
 * @returns {Promise<object[]>} the entries that are new
 */
export async function load_latest(session, room, joined) {
  const size = page_size(session);
  const lines = await ask_up_to(session, ['LATEST', room.name, '*', size], size, joined);
  if (lines.length < size) room.past_complete = true;
  const added = room.merge(entries_of(lines), 0);
  return [...added, ...await load_older(session, room, said_in(added))];
}

/** Loads what was said before the oldest entry. */
export async function load_before(session, room) {
  if (room.loading || room.past_complete || !room.joined || !has_history(session)) return [];
  room.loading = true;
  try {
    return await load_older(session, room, 0);
  } finally {
    room.loading = false;
  }
}

/**
 * Where a gap begins: the last entry that was surely kept, or is old enough to be so. What was said
 * shortly before it on another node of a cluster may have been on its way when the connection was
 * lost, so it is not one of the last moments.
 */
export function last_sure(room, until) {
  const newest = room.entries.slice(0, until).findLast((each) => each.id !== '');
  for (let i = until - 1; i >= 0; --i) {
    const each = room.entries[i];
    const age_ms = each.id === '' ? 0 : newest.time - each.time;
    if (age_ms > (each.kept ? crossing_ms : doubtful_ms)) return each;
  }
  return null;
}

/**
 * Reads what was said while the connection was lost, page by page, behind `room.hole`.
 * @param {object} joined the entry of our own JOIN, where the live part begins
 * @returns {Promise<object[]>} the entries that are new
 */
export async function fill_gap(session, room, joined) {
  const size = page_size(session);
  const until = room.index_of(joined);
  const from = room.hole ?? last_sure(room, until);
  if (from === null) {
    const first = room.entries.find((each) => each.id !== '');
    if (!first || first === joined) return load_latest(session, room, joined);
  }
  const start = from === null ? 0 : room.index_of(from) + 1;
  const added = [];
  let position = start;
  let reference = from === null ? before_time(room.entries.find((each) => each.id !== ''))
    : `msgid=${from.id}`;
  room.hole = from;
  for (let i = 0; i < gap_pages_max; ++i) {
    const after = (where) => ['AFTER', room.name, where, size];
    let lines = await ask(session, after(reference));
    // Our own JOIN at least is behind it: so the id is one that nobody knows any more.
    if (i === 0 && lines.length === 0 && from !== null) reference = before_time(from);
    if (lines.length < size && !is_in(lines, joined))
      lines = await ask_up_to(session, after(reference), size, joined);
    const page = entries_of(lines);
    added.push(...room.merge(page, position));
    const last = page.length === 0 ? null : room.find(page.at(-1).id) ?? page.at(-1);
    if (last) {
      position = room.index_of(last) + 1;
      room.hole = last;
    }
    const met = shows_joins(session, joined) && is_in(lines, joined);
    if (lines.length < size || met) {
      room.hole = null;
      if (met) room.doubt(start, room.index_of(joined));
      return added;
    }
    reference = `msgid=${lines.at(-1).tags.get('msgid')}`;
  }
  room.clear();
  room.hole = null;
  return [...added, ...await load_latest(session, room, joined)];
}

function before_time(entry) {
  return `timestamp=${new Date(entry.time - 1).toISOString()}`;
}

/**
 * Looks for texts of a room.
 * @returns {Promise<object[]>} entries, oldest first
 */
export async function search(session, room, words) {
  const from = /(?:^|\s)from:(\S+)/.exec(words);
  const text = words.replace(/(?:^|\s)from:\S+/, ' ').trim();
  if (text === '') throw new Error('There is no word to look for.');
  const attributes = { in: room.name, text, ...(from ? { from: from[1] } : {}), limit: '100' };
  const lines = await session.request('SEARCH', [attributes_line(attributes)]);
  const failure = lines.find((line) => line.command === 'FAIL' || line.command === '421');
  if (failure) throw new Error(failure.params.at(-1));
  return entries_of(lines);
}

/** Attributes of SEARCH are written like tags. */
function attributes_line(attributes) {
  return Object.entries(attributes).map(([name, value]) => {
    const safe = value.replace(/[;\\ \r\n]/g, (each) =>
      ({ ';': '\\:', '\\': '\\\\', ' ': '\\s', '\r': '\\r', '\n': '\\n' })[each]);
    return `${name}=${safe}`;
  }).join(';');
}

/** A text, and what was said before and behind it. */
export async function load_around(session, room, id) {
  return entries_of(await ask(session, ['AROUND', room.name, `msgid=${id}`, 21]));
}
