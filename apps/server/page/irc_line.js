/** One line of IRC: taken apart, put together, and cut to the length that fits. */

const escapes = { ':': ';', s: ' ', '\\': '\\', r: '\r', n: '\n' };
const escaped = { ';': '\\:', ' ': '\\s', '\\': '\\\\', '\r': '\\r', '\n': '\\n' };

/** The value of a tag as it was meant. */
export function unescape_tag(value) {
  return value.replace(/\\(.?)/gs, (_, letter) => escapes[letter] ?? letter);
}

/** The value of a tag as it is sent. */
export function escape_tag(value) {
  return value.replace(/[; \\\r\n]/g, (letter) => escaped[letter]);
}

function parse_tags(text) {
  const tags = new Map();
  for (const tag of text.split(';')) {
    const at = tag.indexOf('=');
    if (at < 0) tags.set(tag, '');
    else tags.set(tag.slice(0, at), unescape_tag(tag.slice(at + 1)));
  }
  return tags;
}

/** `nick!user@host` in parts; a server has a nick only. */
export function parse_source(text) {
  const [, nick, user = '', host = ''] =
    /^([^!@]*)(?:!([^@]*))?(?:@(.*))?$/s.exec(text) ?? ['', text];
  return { nick, user, host };
}

/**
 * Takes a line apart.
 * @param {string} line without CR and LF
 * @returns {{tags: Map<string, string>, source: {nick: string, user: string, host: string},
 *   command: string, params: string[]}}
 */
export function parse_line(line) {
  let rest = line;
  let tags = new Map();
  let source = { nick: '', user: '', host: '' };
  const word = () => {
    const end = rest.indexOf(' ');
    const result = end < 0 ? rest : rest.slice(0, end);
    rest = end < 0 ? '' : rest.slice(end).replace(/^ +/, '');
    return result;
  };
  if (rest.startsWith('@')) tags = parse_tags(word().slice(1));
  if (rest.startsWith(':')) source = parse_source(word().slice(1));
  const command = word().toUpperCase();
  const params = [];
  while (rest !== '') {
    if (rest.startsWith(':')) {
      params.push(rest.slice(1));
      break;
    }
    params.push(word());
  }
  return { tags, source, command, params };
}

/**
 * Puts a line together. What would end the line or a parameter early becomes a blank.
 * @param {string} command
 * @param {string[]} params the last one may hold blanks
 * @param {Object<string, string>} tags
 */
export function format_line(command, params = [], tags = {}) {
  const names = Object.keys(tags);
  const front = names.map((name) => `${name}=${escape_tag(tags[name])}`).join(';');
  const words = params.map((param, i) => {
    const clean = String(param).replace(/[\r\n\0]/g, ' ');
    if (i < params.length - 1) return clean.replace(/ /g, '_');
    return clean === '' || clean.startsWith(':') || clean.includes(' ') ? `:${clean}` : clean;
  });
  return [...(front ? [`@${front}`] : []), command, ...words].join(' ');
}

/** A name as the server compares it: only A to Z are folded (CASEMAPPING=ascii). */
export function fold(name) {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

const encoder = new TextEncoder();

/** How many bytes of UTF-8 a text takes. */
export function byte_length(text) {
  return encoder.encode(text).length;
}

const graphemes = globalThis.Intl?.Segmenter
  ? new Intl.Segmenter(undefined, { granularity: 'grapheme' }) : null;

function characters(text) {
  return graphemes ? Array.from(graphemes.segment(text), (each) => each.segment) : [...text];
}

/**
 * Cuts a text into pieces of at most `bytes_max` bytes: behind a blank if there is one in the last
 * third of the piece, and never inside a character. The pieces put together are the text.
 */
export function split_text(text, bytes_max) {
  if (byte_length(text) <= bytes_max) return [text];
  const pieces = [];
  let piece = '';
  let size = 0;
  const add = (character) => {
    const bytes = byte_length(character);
    if (bytes > bytes_max && [...character].length > 1) {
      for (const point of character) add(point);
      return;
    }
    if (size + bytes > bytes_max) {
      const blank = piece.lastIndexOf(' ') + 1;
      const cut = blank > 0 && byte_length(piece.slice(0, blank)) > bytes_max * 2 / 3
        ? blank : piece.length;
      pieces.push(piece.slice(0, cut));
      piece = piece.slice(cut);
      size = byte_length(piece);
    }
    piece += character;
    size += bytes;
  };
  for (const character of characters(text)) add(character);
  if (piece !== '') pieces.push(piece);
  return pieces;
}
