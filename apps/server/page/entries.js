/** What a line of IRC becomes in the log of a room. */

let last_key = 0;

/** A number that no other entry of this page has. */
export function new_key() {
  last_key += 1;
  return last_key;
}

const kinds = {
  JOIN: 'join', PART: 'part', QUIT: 'quit', NICK: 'nick', KICK: 'kick', TOPIC: 'topic',
  MODE: 'mode', PRIVMSG: 'text', NOTICE: 'notice',
};

/** The text of a CTCP ACTION (`/me`), or null. */
export function action_of(text) {
  const found = /^\x01ACTION ?([^\x01]*)\x01?$/s.exec(text);
  return found ? found[1] : null;
}

/** Whether a text is CTCP other than ACTION: for programs, not for people. */
export function is_ctcp(text) {
  return text.startsWith('\x01') && action_of(text) === null;
}

/**
 * An entry of a log, or null if the line is none.
 * @returns {{key: number, id: string, time: number, stamp: string, kind: string, author: string,
 *   text: string, target: string, kept: boolean}|null}
 *   kept: whether it is known to be in the history
 */
export function entry_of(message) {
  const { command, params, source, tags } = message;
  let kind = kinds[command];
  if (!kind) return null;
  const stamp = tags.get('time') ?? new Date().toISOString();
  const entry = {
    key: new_key(), id: tags.get('msgid') ?? '', time: Date.parse(stamp) || Date.now(), stamp,
    kind, author: source.nick, text: '', target: '', kept: false,
  };
  if (kind === 'text' || kind === 'notice') {
    entry.text = params[1] ?? '';
    const action = action_of(entry.text);
    if (action !== null) {
      entry.kind = 'action';
      entry.text = action;
    } else if (is_ctcp(entry.text)) {
      return null;
    }
  } else if (kind === 'nick') {
    entry.target = params[0] ?? '';
  } else if (kind === 'kick') {
    entry.target = params[1] ?? '';
    entry.text = params[2] ?? '';
  } else if (kind === 'mode') {
    entry.text = params.slice(1).join(' ');
  } else if (kind === 'topic' || kind === 'part') {
    entry.text = params[1] ?? '';
  } else if (kind === 'quit') {
    entry.text = params[0] ?? '';
  }
  return entry;
}

/** Whether somebody has said this. */
export function is_said(entry) {
  return entry.kind === 'text' || entry.kind === 'action' || entry.kind === 'notice';
}

/** Whether this only tells who comes and goes: such entries are folded. */
export function is_coming_or_going(entry) {
  return entry.kind === 'join' || entry.kind === 'part' || entry.kind === 'quit'
    || entry.kind === 'nick';
}

/**
 * The entries of a page of history. Lines with one msgid are one text that was too long for one.
 * @param {object[]} lines
 */
export function entries_of(lines) {
  const entries = [];
  for (const line of lines) {
    const entry = entry_of(line);
    if (!entry) continue;
    entry.kept = true;
    const last = entries.at(-1);
    if (last && entry.id !== '' && last.id === entry.id && is_said(entry)) last.text += entry.text;
    else entries.push(entry);
  }
  return entries;
}
