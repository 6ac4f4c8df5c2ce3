/** Makes parts of the page. Text goes in as text only, so nothing that anybody says is markup. */

import { colour_of, letter_of, parts_of, shown_name } from './words.js';

/**
 * Makes an element.
 * @param {string} tag
 * @param {Object<string, *>} attributes `class`, `text`, `on_click`, and any other attribute; what
 *   is false or undefined is left out
 * @param {(Node|string)[]} children
 */
export function make(tag, attributes = {}, children = []) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (name === 'text') element.textContent = value;
    else if (name === 'class') element.className = value;
    else if (name.startsWith('on_')) element.addEventListener(name.slice(3), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children);
  return element;
}

function dialect_element(text) {
  return make('span', { class: 'dialect', text });
}

/** A nick, with the protocol of its owner in small letters behind it. */
export function nick_element(nick, classes = '') {
  const shown = shown_name(nick);
  const at = shown.lastIndexOf('/');
  const element = make('bdi', { class: `nick author-${colour_of(nick)} ${classes}`.trim() });
  if (at < 0) element.textContent = shown;
  else element.append(shown.slice(0, at), dialect_element(shown.slice(at)));
  return element;
}

/** The round sign of an author. It holds no text: its letter comes from the style sheet. */
export function sign_element(nick) {
  return make('span', {
    class: `sign author-${colour_of(nick)}`, 'data-letter': letter_of(nick), 'aria-hidden': 'true',
  });
}

/** What somebody said, in its parts. */
export function words_element(text, classes = 'words') {
  const element = make('bdi', { class: classes, dir: 'auto' });
  for (const part of parts_of(text)) {
    const style = part.classes.join(' ');
    if (part.address !== undefined) {
      element.append(make('a', {
        href: part.address, target: '_blank', rel: 'noopener noreferrer nofollow', class: style,
        text: part.text,
      }));
    } else if (style !== '') {
      element.append(make('span', { class: style, text: part.text }));
    } else {
      element.append(part.text);
    }
  }
  return element;
}

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });
const days = new Intl.DateTimeFormat(undefined,
  { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const short_days = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });

/** All of a time, for whoever points at it. */
export function exact_text(time) {
  return exact.format(new Date(time));
}

/** A time of day. */
export function time_element(time, with_day = false) {
  const moment = new Date(time);
  const text = with_day ? `${short_days.format(moment)}, ${clock.format(moment)}`
    : clock.format(moment);
  return make('time', { datetime: moment.toISOString(), text });
}

export function day_text(time) {
  return days.format(new Date(time));
}
