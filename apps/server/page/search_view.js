/** Looks for texts, and shows what was found beside the log. */

import { make, nick_element, time_element, words_element } from './elements.js';
import { load_around, search } from './history.js';
import { plain_text } from './words.js';

export class search_view {
  /**
   * @param {HTMLInputElement} field
   * @param {HTMLElement} panel
   * @param {function(string): boolean} reveal shows a text in the log, if it is loaded
   * @param {function(string)} announce
   */
  constructor(field, panel, chat, reveal, announce) {
    this.field = field;
    this.panel = panel;
    this.chat = chat;
    this.reveal = reveal;
    this.announce = announce;
    this.list = panel.querySelector('ol');
    this.title = panel.querySelector('h2');
    this.asked = 0;
    field.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') {
        event.preventDefault();
        this.run(field.value);
      } else if (event.key === 'Escape') {
        this.close();
      }
    });
    panel.querySelector('button').addEventListener('click', () => this.close());
    panel.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.close();
    });
  }

  close() {
    this.asked += 1;
    if (!this.panel.hidden) {
      this.panel.hidden = true;
      this.field.focus();
    }
    this.field.value = '';
  }

  async run(words) {
    const room = this.chat.current;
    if (words.trim() === '') {
      this.close();
      return;
    }
    this.field.value = words;
    this.asked += 1;
    const number = this.asked;
    this.panel.hidden = false;
    this.list.replaceChildren();
    this.title.textContent = 'Looking \u2026';
    let found = [];
    try {
      if (!room || room.is_private) throw new Error('Only rooms can be searched.');
      found = await search(this.chat.session, room, words);
    } catch (error) {
      if (number === this.asked) this.#tell(error.message);
      return;
    }
    if (number !== this.asked) return;
    const what = found.length === 1 ? '1 text' : `${found.length} texts`;
    const more = found.length >= 100 ? 'The newest ' : '';
    this.#tell(found.length === 0 ? `Nothing in ${room.title}` : `${more}${what} in ${room.title}`);
    this.list.replaceChildren(...found.reverse().map((entry) => this.#result(room, entry)));
  }

  #tell(text) {
    this.title.textContent = text;
    this.announce(text);
  }

  #result(room, entry) {
    const item = make('li', {}, [
      make('button',
        { type: 'button', class: 'result', on_click: () => this.#go(room, entry, item) },
        [nick_element(entry.author, 'author'), ' ', time_element(entry.time, true), ' ',
          make('bdi', { class: 'words', text: plain_text(entry.text) })]),
    ]);
    return item;
  }

  /** Shows a text in the log, or what was said around it, below it. */
  async #go(room, entry, item) {
    if (room === this.chat.current && this.reveal(entry.id)) return;
    const old = item.querySelector('.around');
    if (old) {
      old.remove();
      return;
    }
    let around = [];
    try {
      around = await load_around(this.chat.session, room, entry.id);
    } catch (error) {
      this.#tell(error.message);
      return;
    }
    item.append(make('div', { class: 'around' }, around.map((each) => make('p',
      { class: each.id === entry.id ? 'hit' : undefined },
      [nick_element(each.author, 'author'), ' ', words_element(each.text || each.kind)]))));
  }
}
