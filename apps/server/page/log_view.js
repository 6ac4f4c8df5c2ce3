/** Shows the log of the open room. Rows that have not changed stay as they are. They stand in
 * chunks, which the browser leaves out of a long log while they are out of sight, so that thousands
 * of texts scroll well. */

import { exact_text, make, nick_element, sign_element, time_element, words_element, day_text }
  from './elements.js';
import { rows_of, sentence_of, summary_of } from './log_rows.js';
import { plain_text } from './words.js';

const near_bottom = 48;
const load_ahead = 1_200;
const chunk_rows = 50;
/** Below this all rows are drawn, so that the browser finds words in them, and copies them. */
const large_rows = 1_000;

/** The texts of one room at a time, in an element that scrolls. */
export class log_view {
  /**
   * @param {HTMLElement} element the log
   * @param {HTMLElement} jump the button that leads to the newest text
   * @param {object} chat
   */
  constructor(element, jump, chat) {
    this.element = element;
    this.jump = jump;
    this.chat = chat;
    this.room = null;
    this.shown = new Map(); // row key -> {mark, node}
    this.keys = new WeakMap(); // node -> row key
    this.stuck = true;
    this.places = new Map(); // Of rooms that were open before: where they were scrolled to.
    this.head = make('div', { class: 'log_head', role: 'note' });
    element.append(this.head);
    element.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    element.addEventListener('wheel', (event) => {
      if (event.deltaY < 0) this.#load_if_near_top();
    }, { passive: true });
    element.addEventListener('contentvisibilityautostatechange', () => this.#keep_place(), true);
    element.addEventListener('pointerover', ({ target }) => {
      if (target.tagName === 'TIME' && !target.title)
        target.title = exact_text(Date.parse(target.dateTime));
    });
    new ResizeObserver(() => this.#keep_place()).observe(element);
    jump.addEventListener('click', () => this.to_end());
  }

  /** Shows another room, where it was left. */
  open(room) {
    if (this.room) this.places.set(this.room.key, this.stuck ? null : this.element.scrollTop);
    this.room = room;
    this.shown.clear();
    this.element.replaceChildren(this.head);
    const place = room ? this.places.get(room.key) ?? null : null;
    this.stuck = place === null;
    this.render();
    if (place !== null) this.element.scrollTop = place;
    else this.to_new();
  }

  /** Whether the newest text is in sight. */
  get at_end() {
    return this.stuck;
  }

  to_end() {
    this.stuck = true;
    this.element.scrollTop = this.element.scrollHeight;
    this.#show_jump();
  }

  /** To the line `new`, if all that is new does not fit. */
  to_new() {
    this.to_end();
    const line = this.element.querySelector('.row.new');
    if (!line) return;
    const above = line.getBoundingClientRect().top - this.element.getBoundingClientRect().top;
    if (above >= 0) return;
    this.stuck = false;
    this.element.scrollTop += above - 40;
  }

  /** Brings a text into sight; false if it is not loaded. */
  reveal(id) {
    const entry = this.room?.find(id);
    const node = entry && this.shown.get(`t${entry.key}`)?.node;
    if (!node) return false;
    this.stuck = false;
    node.scrollIntoView({ block: 'center' });
    node.classList.remove('found');
    requestAnimationFrame(() => {
      node.scrollIntoView({ block: 'center' }); // What came into sight has its real height now.
      node.classList.add('found');
    });
    return true;
  }

  /** Brings the log up to date. */
  render() {
    const { room, element } = this;
    if (!room) {
      this.head.textContent = '';
      return;
    }
    const anchor = this.stuck ? null : this.#anchor();
    const rows = rows_of(room, this.chat.outbox.of(room.key), (each) => this.chat.is_own(each));
    this.#reconcile(rows);
    element.classList.toggle('large', rows.length > large_rows);
    this.#show_head(room);
    if (this.stuck) {
      element.scrollTop = element.scrollHeight;
    } else if (anchor) {
      const node = this.shown.get(anchor.key)?.node;
      const moved = node ? node.getBoundingClientRect().top - anchor.top : 0;
      if (Math.abs(moved) > 1) element.scrollTop += moved;
    }
    this.#show_jump();
    requestAnimationFrame(() => this.#load_if_near_top());
  }

  #reconcile(rows) {
    const wanted = new Set(rows.map((row) => row.key));
    for (const [key, { node }] of this.shown) {
      if (wanted.has(key)) continue;
      const chunk = node.parentNode;
      node.remove();
      if (chunk.childElementCount === 0) chunk.remove();
      this.shown.delete(key);
    }
    // Rows never change their order: a row that is to stand elsewhere gets another key.
    let before = null;
    for (const row of rows) {
      let known = this.shown.get(row.key);
      if (!known || known.mark !== row.mark) {
        const node = this.#row(row, known?.node);
        if (known) known.node.replaceWith(node);
        this.keys.set(node, row.key);
        known = { mark: row.mark, node };
        this.shown.set(row.key, known);
      }
      if (!known.node.isConnected) this.#place(known.node, before);
      before = known.node;
    }
  }

  /** Puts a row behind another one; a chunk that is full is followed by a new one. */
  #place(node, before) {
    const chunk = before?.parentNode ?? null;
    if (chunk && (before.nextSibling || chunk.childElementCount < chunk_rows)) {
      before.after(node);
    } else {
      (chunk ?? this.head).after(make('div', { class: 'chunk' }, [node]));
    }
  }

  #row(row, old) {
    switch (row.kind) {
      case 'day':
        return make('div', { class: 'row day', role: 'separator' },
          [make('span', { text: day_text(row.time) })]);
      case 'new':
        return make('div', { class: 'row new', role: 'separator', 'aria-label': 'New texts' },
          [make('span', { text: 'new' })]);
      case 'folded':
        return this.#folded(row, old);
      case 'event':
        return this.#event(row.entry);
      case 'pending':
        return this.#pending(row.item);
      default:
        return this.#said(row);
    }
  }

  #event(entry) {
    // What this page tells of itself is of no time.
    const time = entry.stamp === '' ? [] : [' ', time_element(entry.time)];
    return make('div', { class: `row event ${entry.kind}` },
      [words_element(sentence_of(entry)), ...time]);
  }

  #said({ entry, same }) {
    const own = this.chat.is_own(entry);
    const classes = ['row', 'said', entry.kind, same ? 'same' : 'first'];
    if (own) classes.push('own');
    if (entry.doubted) classes.push('doubted');
    if (this.chat.is_mention(entry)) classes.push('mention');
    const tools = own && entry.id !== '' && this.chat.session.has('draft/message-redaction')
      ? [make('button', {
        type: 'button', class: 'take_back', title: 'Take this text back',
        'aria-label': 'Take this text back', tabindex: '-1',
        on_click: () => this.chat.ask('REDACT', [this.room.name, entry.id]),
      })] : [];
    const time = time_element(entry.time);
    const words = words_element(entry.text);
    return make('div', {
      class: classes.join(' '), 'data-id': entry.id || undefined,
      title: entry.doubted ? 'The server could not keep this text.' : undefined,
    }, [
      sign_element(entry.author), nick_element(entry.author, 'author'), ' ',
      ...(entry.kind === 'action' ? [words, ' ', time] : [time, ' ', words]), ...tools,
    ]);
  }

  #folded({ entries }, old) {
    const details = make('details', { class: 'row folded' }, [
      make('summary', {}, [make('bdi', { text: plain_text(summary_of(entries)) })]),
    ]);
    const list = () => {
      if (!details.open || details.querySelector('ul')) return;
      details.append(make('ul', {}, entries.map((each) => make('li', {}, [
        time_element(each.time), ' ', make('bdi', { text: plain_text(sentence_of(each)) }),
      ]))));
    };
    details.addEventListener('toggle', list);
    if (old?.open) {
      details.open = true;
      list();
    }
    return details;
  }

  #pending(item) {
    const explanations = {
      waiting: 'waits to be sent', sent: 'is being sent',
      unsure: 'may have been heard: looking', asking: 'may not have been heard',
      failed: `was not sent: ${item.reason}`,
    };
    const button = (text, action) =>
      make('button', { type: 'button', class: 'quiet', text, on_click: action });
    const ask = item.state === 'failed' || item.state === 'asking';
    return make('div', { class: `row said pending ${item.state} ${item.kind}` }, [
      sign_element(item.nick || this.chat.nick),
      nick_element(item.nick || this.chat.nick, 'author'), ' ',
      make('span', { class: 'state', text: explanations[item.state] }), ' ',
      words_element(item.text),
      ...(ask ? [make('span', { class: 'choice' }, [
        button('Send again', () => this.chat.say_again(item)), ' ',
        button('Forget', () => this.chat.forget(item))])] : []),
    ]);
  }

  #show_head(room) {
    let text = '';
    if (room.is_private) text = 'Only you two see this. It is not kept.';
    else if (room.loading) text = 'Reading what was said before \u2026';
    else if (room.joined && room.past_complete) text = `This is where ${room.title} begins.`;
    if (this.head.textContent !== text) this.head.textContent = text;
    this.element.setAttribute('aria-busy', String(room.loading));
  }

  /** The first row in sight, so that it stays there while others come in above it. */
  #anchor() {
    const { top } = this.element.getBoundingClientRect();
    const in_sight = (each) => each.getBoundingClientRect().bottom > top;
    const chunks = [...this.element.querySelectorAll('.chunk')];
    const first = chunks.findIndex(in_sight);
    // Lines of days and of joins may become others; texts stay.
    const said = (chunk) => [...chunk.querySelectorAll('.said')];
    const near = first < 0 ? [] : chunks.slice(first, first + 2);
    const node = near.flatMap(said).find(in_sight);
    if (!node) return null;
    return { key: this.keys.get(node), top: node.getBoundingClientRect().top };
  }

  #scrolled() {
    const { element } = this;
    this.stuck = element.scrollHeight - element.scrollTop - element.clientHeight < near_bottom;
    this.#show_jump();
    this.#load_if_near_top();
    if (this.stuck) this.on_end?.();
  }

  #load_if_near_top() {
    if (!this.room || this.element.scrollTop > load_ahead || this.room.loading) return;
    if (this.element.clientHeight === 0) return;
    this.chat.older(this.room);
  }

  /** Rows have got their real height, or the window another size. */
  #keep_place() {
    if (this.stuck) this.element.scrollTop = this.element.scrollHeight;
  }

  #show_jump() {
    const unread = this.room?.unread ?? 0;
    this.jump.hidden = this.stuck;
    const text = unread > 0 ? `${unread} new \u2193` : 'To the newest \u2193';
    if (this.jump.textContent !== text) this.jump.textContent = text;
  }
}
