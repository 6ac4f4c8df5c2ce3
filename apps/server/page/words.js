/** Foreign text, made fit to be shown: links, IRC's formatting, characters that play tricks.
 * Nothing here touches the page; what comes out is text in parts. */

import { fold } from './irc_line.js';

/** What turns the direction of the text around it, or is not to be seen. */
const tricks = /[\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
const controls = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]/g;
const link_pattern = /\bhttps?:\/\/[^\s<>"\u201c\u201d]+/giu;
const formatting = new RegExp(['[\x02\x0f\x11\x16\x1d-\x1f]', '\x03(?:\\d{1,2}(?:,\\d{1,2})?)?',
  '\x04(?:[\\da-f]{6}(?:,[\\da-f]{6})?)?'].join('|'), 'gi');
const styles = { '\x02': 'bold', '\x1d': 'italic', '\x1f': 'underline', '\x1e': 'struck',
  '\x11': 'code' };
const brackets = { ')': '(', ']': '[', '}': '{' };

/** Characters that nobody sees, as something that everybody sees. */
export function without_tricks(text) {
  return text.replace(tricks, (each) =>
    `[U+${each.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}]`)
    .replace(controls, '\ufffd');
}

/** A name as it is shown: no formatting, nothing that plays tricks. */
export function shown_name(name) {
  return without_tricks(name.replace(formatting, ''));
}

/** A text without IRC's formatting, on one line. */
export function plain_text(text) {
  return without_tricks(text.replace(formatting, ''));
}

/** What belongs to a link at its end, and what to the sentence around it. */
function end_of_link(text) {
  let end = text.length;
  while (end > 0) {
    const last = text[end - 1];
    const opening = brackets[last];
    const inside = text.slice(0, end - 1);
    const open = opening && inside.split(opening).length > inside.split(last).length;
    if (!/[.,;:!?'"*_~)\]}]/.test(last) || open) break;
    end -= 1;
  }
  return end;
}

/** The address of a link, or null if it is none that may be followed. */
export function address_of(text) {
  try {
    const address = new URL(text);
    const fine = (address.protocol === 'http:' || address.protocol === 'https:')
      && address.hostname !== '';
    return fine ? address.href : null;
  } catch {
    return null;
  }
}

function* linked(text, style) {
  let done = 0;
  for (const found of text.matchAll(link_pattern)) {
    const words = found[0].slice(0, end_of_link(found[0]));
    const address = address_of(words);
    if (address === null) continue;
    if (found.index > done) yield { text: text.slice(done, found.index), ...style };
    yield { text: words, address, ...style };
    done = found.index + words.length;
  }
  if (done < text.length) yield { text: text.slice(done), ...style };
}

/**
 * A text in parts.
 * @param {string} text as it came
 * @returns {{text: string, address: string=, classes: string[]}[]} `address`: the part is a link
 */
export function parts_of(text) {
  const parts = [];
  let on = new Set();
  let done = 0;
  const add = (piece) => {
    if (piece === '') return;
    const style = { classes: [...on] };
    for (const part of linked(without_tricks(piece), style)) parts.push(part);
  };
  for (const found of text.matchAll(formatting)) {
    add(text.slice(done, found.index));
    done = found.index + found[0].length;
    on = next_style(on, found[0]);
  }
  add(text.slice(done));
  return parts;
}

function next_style(on, code) {
  const next = new Set(on);
  const style = styles[code];
  if (style) {
    if (!next.delete(style)) next.add(style);
  } else if (code === '\x0f') {
    next.clear();
  } else if (code.startsWith('\x03')) {
    for (const each of on) if (each.startsWith('colour-')) next.delete(each);
    const number = /^\x03(\d{1,2})/.exec(code);
    if (number && Number(number[1]) < 16) next.add(`colour-${Number(number[1])}`);
  }
  return next;
}

const word_character = /[\p{L}\p{N}_]/u;

/** Whether a text calls somebody by name: as a word, in whatever case. */
export function mentions(text, nick) {
  if (nick === '') return false;
  const where = fold(text);
  const what = fold(nick);
  for (let at = where.indexOf(what); at >= 0; at = where.indexOf(what, at + 1)) {
    const before = where[at - 1] ?? ' ';
    const behind = where[at + what.length] ?? ' ';
    if (!word_character.test(before) && before !== '/' && !word_character.test(behind)) return true;
  }
  return false;
}

/** One of twelve colours, always the same one for a name, whatever its case and protocol. */
export function colour_of(nick) {
  let hash = 2166136261;
  for (const letter of fold(nick)) hash = Math.imul(hash ^ letter.codePointAt(0), 16777619);
  return (hash >>> 8) % 12;
}

/** The letter that stands for a name. */
export function letter_of(nick) {
  const found = /[\p{L}\p{N}]/u.exec(nick);
  return (found ? found[0] : '?').toUpperCase();
}
