/** The field in which texts are typed: Enter sends, `/` shows what can be done, Tab completes. */

import { commands_like, completions, run_typed } from './commands.js';
import { make } from './elements.js';

const remembered_max = 50;
const height_max = 200;

export class compose {
  /**
   * @param {HTMLTextAreaElement} field
   * @param {HTMLElement} list where commands are offered
   * @param {function(string)} announce tells those who cannot see
   */
  constructor(field, list, chat, announce) {
    this.field = field;
    this.list = list;
    this.chat = chat;
    this.announce = announce;
    this.offered = [];
    this.chosen = 0;
    this.typed = [];
    this.back = 0;
    this.drafts = new Map();
    this.room = null;
    this.completing = null;
    field.addEventListener('keydown', (event) => this.#key(event));
    field.addEventListener('input', () => this.#changed());
    field.addEventListener('blur', () => this.#offer([]));
  }

  /**
   * Another room is open: what was typed for the last one waits there. What was typed while none
   * was open yet is for this one.
   */
  open(room) {
    const is_first = !this.room;
    const typed = this.field.value;
    if (!is_first) this.drafts.set(this.room.key, typed);
    this.room = room;
    this.field.value = room ? this.drafts.get(room.key) ?? (is_first ? typed : '') : '';
    const where = room ? `Say something ${room.is_private ? 'to' : 'in'} ${room.title}` : 'Say';
    this.field.setAttribute('aria-label', where);
    this.field.placeholder = room ? `${where}, or / for help` : '';
    this.#changed();
  }

  /** As high as what is typed, within reason. */
  fit() {
    const { style, scrollHeight } = this.field;
    style.height = 'auto';
    // Nothing has a height where nothing is shown.
    if (scrollHeight > 0) style.height = `${Math.min(this.field.scrollHeight + 2, height_max)}px`;
  }

  /** Puts a name into what is typed. */
  insert(text) {
    const { field } = this;
    const at = field.selectionStart ?? field.value.length;
    const before = field.value.slice(0, at);
    const blank = before === '' || before.endsWith(' ') ? '' : ' ';
    field.setRangeText(`${blank}${text}`, at, field.selectionEnd ?? at, 'end');
    field.focus();
    this.#changed();
  }

  /** Sends what is typed. */
  send() {
    const text = this.field.value;
    if (text.trim() === '') return;
    if (!run_typed(this.chat, text)) return;
    this.typed.push(text);
    if (this.typed.length > remembered_max) this.typed.shift();
    this.back = 0;
    this.field.value = '';
    this.#changed();
  }

  #key(event) {
    const open = this.offered.length > 0;
    if (event.isComposing) return;
    if (event.key !== 'Tab' && event.key !== 'Shift') this.completing = null;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      const only_slash = this.field.value === '/';
      if (open && (only_slash || this.moved)) this.#take();
      else this.send();
    } else if (event.key === 'Tab' && !event.shiftKey && this.field.value !== '') {
      if (open) {
        event.preventDefault();
        this.#take();
      } else if (this.#complete()) {
        event.preventDefault();
      }
    } else if (event.key === 'Escape' && open) {
      event.preventDefault();
      event.stopPropagation();
      this.#offer([]);
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      this.#arrow(event, open);
    }
  }

  #arrow(event, open) {
    const step = event.key === 'ArrowDown' ? 1 : -1;
    if (open) {
      event.preventDefault();
      this.moved = true;
      this.#choose((this.chosen + step + this.offered.length) % this.offered.length);
      return;
    }
    const { field } = this;
    if (field.value.includes('\n') || (field.value !== '' && this.back === 0)) return;
    const back = this.back - step;
    if (back < 0 || back > this.typed.length) return;
    event.preventDefault();
    this.back = back;
    field.value = back === 0 ? '' : this.typed[this.typed.length - back];
    field.setSelectionRange(field.value.length, field.value.length);
  }

  #changed() {
    const { field } = this;
    if (field.value === '') this.back = 0;
    this.fit();
    this.#offer(document.activeElement === field ? commands_like(field.value) : []);
  }

  #offer(offered) {
    const before = this.offered.length;
    this.offered = offered;
    this.moved = false;
    this.list.hidden = offered.length === 0;
    this.list.replaceChildren(...offered.map((each, i) => make('li', {
      id: `offer_${i}`, role: 'option',
      on_mousedown: (event) => {
        event.preventDefault();
        this.chosen = i;
        this.#take();
      },
    }, [
      make('span', { class: 'command', text: `/${each.name}` }), ' ',
      make('span', { class: 'usage', text: each.usage }), ' ',
      make('span', { class: 'about', text: each.about }),
    ])));
    if (offered.length > 0) this.#choose(0);
    else this.field.removeAttribute('aria-activedescendant');
    if (before === 0 && offered.length > 1) this.announce(`${offered.length} commands`);
  }

  #choose(index) {
    this.chosen = index;
    for (const [i, each] of [...this.list.children].entries())
      each.setAttribute('aria-selected', String(i === index));
    this.list.children[index].scrollIntoView({ block: 'nearest' });
    this.field.setAttribute('aria-activedescendant', `offer_${index}`);
  }

  #take() {
    this.field.value = `/${this.offered[this.chosen].name} `;
    this.#changed();
  }

  /** Completes a name; Tab again takes the next one that fits. */
  #complete() {
    const { field } = this;
    if (!this.completing) {
      const at = field.selectionStart;
      const front = field.value.slice(0, at);
      const { word, found } = completions(this.chat, front);
      if (found.length === 0) return false;
      const start = at - word.length;
      this.completing = { start, end: at, found, next: 0 };
    }
    const { start, end, found, next } = this.completing;
    const name = found[next % found.length];
    const text = start === 0 && !name.startsWith('#') ? `${name}: ` : `${name} `;
    field.setRangeText(text, start, end, 'end');
    this.completing = { start, end: start + text.length, found, next: next + 1 };
    return true;
  }
}
