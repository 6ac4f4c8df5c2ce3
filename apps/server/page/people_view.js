/** Shows who is in the open room, with the protocol that each of them speaks. */

import { make, nick_element, sign_element } from './elements.js';
import { dialect_of, sorted_members } from './rooms.js';

const marks = { '@': 'operator', '+': 'has voice' };

export class people_view {
  /**
   * @param {HTMLElement} element the list
   * @param {HTMLElement} count where their number stands
   * @param {function(string)} on_choice
   */
  constructor(element, count, chat, on_choice) {
    this.element = element;
    this.count = count;
    this.chat = chat;
    this.on_choice = on_choice;
    this.shown = new Map();
  }

  render() {
    const room = this.chat.current;
    const members = room && !room.is_private ? sorted_members(room.members) : [];
    this.count.textContent = members.length > 0 ? String(members.length) : '';
    const shown = new Map();
    for (const member of members) {
      const key = `${member.nick} ${member.marks} ${member.away} ${this.chat.nick}`;
      shown.set(key, this.shown.get(key) ?? this.#person(member));
    }
    for (const [key, node] of this.shown) if (!shown.has(key)) node.remove();
    let before = null;
    for (const node of shown.values()) {
      const next = before ? before.nextSibling : this.element.firstChild;
      if (next !== node) this.element.insertBefore(node, next);
      before = node;
    }
    this.shown = shown;
  }

  #person(member) {
    const own = this.chat.session.is_me(member.nick);
    const dialect = dialect_of(member.nick);
    const notes = [];
    if (own) notes.push('you');
    if (marks[member.marks[0]]) notes.push(marks[member.marks[0]]);
    if (member.away) notes.push('away');
    const what = own || dialect !== '' ? 'Put the name into your text' : 'Talk in private';
    return make('li', {}, [
      make('button', {
        type: 'button', class: member.away ? 'person away' : 'person', title: what,
        on_click: () => this.on_choice(member.nick),
      }, [
        sign_element(member.nick), nick_element(member.nick),
        ...(notes.length > 0 ? [' ', make('span', { class: 'note', text: notes.join(', ') })] : []),
      ]),
    ]);
  }
}
