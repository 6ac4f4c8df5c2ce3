/** Shows the rooms: those that the user is in, private conversations, and all others. */

import { make } from './elements.js';
import { fold } from './irc_line.js';
import { room_name } from './rooms.js';
import { plain_text, shown_name } from './words.js';

const others_max = 200;

export class rooms_view {
  /**
   * @param {HTMLElement} element the list
   * @param {HTMLInputElement} find what is typed there narrows the list of other rooms
   * @param {{show: function(object), join: function(string), part: function(object)}} actions
   */
  constructor(element, find, chat, actions) {
    this.element = element;
    this.find = find;
    this.chat = chat;
    this.actions = actions;
    this.drawn = '';
    find.addEventListener('input', () => this.render());
  }

  render() {
    const { chat } = this;
    const joined = chat.rooms.rooms().sort((a, b) => (a.key < b.key ? -1 : 1));
    const conversations = chat.rooms.conversations();
    const here = new Set(joined.map((each) => each.key));
    const words = fold(this.find.value.trim());
    const others = chat.directory.filter((each) => !here.has(fold(each.channel))
      && (words === '' || fold(`${each.channel} ${each.topic}`).includes(words)))
      .sort((a, b) => b.count - a.count || (fold(a.channel) < fold(b.channel) ? -1 : 1));
    const state = JSON.stringify([joined.map((each) => this.#state_of(each)),
      conversations.map((each) => this.#state_of(each)), others.slice(0, others_max)]);
    if (state === this.drawn) return;
    this.drawn = state;
    const focused = this.element.contains(document.activeElement)
      ? document.activeElement.dataset.key : undefined;
    const parts = [this.#section('Your rooms', joined.map((each) => this.#room(each)))];
    if (conversations.length > 0)
      parts.push(this.#section('Private', conversations.map((each) => this.#room(each))));
    if (others.length > 0) {
      const shown = others.slice(0, others_max).map((each) => this.#other(each));
      parts.push(this.#section('Other rooms', shown));
      if (others.length > others_max) {
        const text = `and ${others.length - others_max} more: type a part of a name below`;
        parts.push(make('p', { class: 'hint', text }));
      }
    }
    this.element.replaceChildren(...parts);
    if (focused !== undefined)
      this.element.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  }

  #state_of(room) {
    return [room.key, room.title, room.unread, room.mentions, room === this.chat.current,
      room.joined, room.members.size, room.topic, room.problem];
  }

  #section(title, items) {
    const id = `rooms_${title.toLowerCase().replace(/ /g, '_')}`;
    return make('section', { class: 'group' }, [
      make('h3', { id, text: title }),
      make('ul', { 'aria-labelledby': id }, items),
    ]);
  }

  #room(room) {
    const open = room === this.chat.current;
    const classes = ['room', ...(open ? ['open'] : []), ...(room.unread > 0 ? ['unread'] : []),
      ...(room.joined || room.is_private ? [] : ['outside'])];
    const count = room.is_private ? [] : [make('span', {
      class: 'count', text: String(room.members.size), title: `${room.members.size} people` })];
    const badge = room.unread > 0 ? [make('span', {
      class: room.mentions > 0 ? 'badge calling' : 'badge',
      text: room.unread > 99 ? '99+' : String(room.unread),
      'aria-label': `${room.unread} new${room.mentions > 0 ? ', somebody calls you' : ''}` })] : [];
    const leave = room.is_private ? `Close ${room.title}` : `Leave ${room.title}`;
    return make('li', {}, [
      make('button', {
        type: 'button', class: classes.join(' '), 'data-key': room.key,
        'aria-current': open ? 'true' : undefined, on_click: () => this.actions.show(room),
      }, [
        make('span', { class: 'line' },
          [make('bdi', { class: 'title', text: shown_name(room.title) }), ...badge, ...count]),
        ...this.#topic(room.problem || room.topic),
      ]),
      make('button', {
        type: 'button', class: 'close', title: leave, 'aria-label': leave, text: '\u00d7',
        on_click: () => this.actions.part(room),
      }),
    ]);
  }

  #other({ channel, count, topic }) {
    return make('li', {}, [
      make('button', {
        type: 'button', class: 'room other', 'data-key': fold(channel),
        on_click: () => this.actions.join(channel),
      }, [
        make('span', { class: 'line' }, [
          make('bdi', { class: 'title', text: shown_name(room_name(channel)) }),
          make('span', { class: 'count', text: String(count), title: `${count} people` }),
        ]),
        ...this.#topic(topic),
      ]),
    ]);
  }

  #topic(topic) {
    return topic === '' ? [] : [make('bdi', { class: 'topic', text: plain_text(topic) })];
  }
}
