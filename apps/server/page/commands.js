/** What may be typed behind `/`, and what it does. */

import { is_said } from './entries.js';
import { channel_of } from './rooms.js';
import { nick_of } from './session.js';

/** @type {{name: string, usage: string, about: string, run: function(object, string, object)}[]} */
export const commands = [
  { name: 'help', usage: '', about: 'shows all commands',
    run: (chat) => {
      for (const each of commands)
        chat.inform(`/${each.name}${each.usage ? ` ${each.usage}` : ''}: ${each.about}`);
      chat.inform('A text that begins with // is sent with one /.');
    } },
  { name: 'me', usage: 'action', about: 'says what you do: /me waves',
    run: (chat, text, room) => needs(chat, text, 'what do you do?')
      && room_needed(chat, room) && chat.say(room, text, 'action') },
  { name: 'join', usage: 'room [key]', about: 'enters a room, or makes it',
    run: (chat, text) => {
      const [name, key] = words(text);
      if (needs(chat, name, 'which room?')) chat.join(name, key);
    } },
  { name: 'part', usage: '[reason]', about: 'leaves this room',
    run: (chat, text, room) => room_needed(chat, room) && chat.part(room, text) },
  { name: 'msg', usage: 'name text', about: 'says something to one person',
    run: (chat, text) => {
      const [nick, rest] = first(text);
      if (!needs(chat, nick, 'to whom?')) return;
      const conversation = chat.converse(nick);
      if (rest) chat.say(conversation, rest);
    } },
  { name: 'nick', usage: 'name', about: 'changes your name',
    run: (chat, text) => {
      const nick = nick_of(text);
      if (needs(chat, nick, 'which name? It begins with a letter from A to Z.'))
        chat.ask('NICK', [nick]);
    } },
  { name: 'topic', usage: '[text]', about: 'sets the topic of this room, or shows it',
    run: (chat, text, room) => room_needed(chat, room)
      && (text ? chat.ask('TOPIC', [room.name, text])
        : chat.inform(room.topic ? `Topic: ${room.topic}` : 'There is no topic.')) },
  { name: 'search', usage: 'words', about: 'looks for texts in this room',
    run: (chat, text) => chat.changed('search', text) },
  { name: 'undo', usage: '', about: 'takes back what you said last in this room',
    run: (chat, text, room) => {
      const last = room?.entries.findLast((each) => each.id !== '' && is_said(each)
        && chat.is_own(each));
      if (needs(chat, last, 'you have said nothing here that could be taken back.'))
        chat.ask('REDACT', [room.name, last.id]);
    } },
  { name: 'away', usage: '[reason]', about: 'tells others that you are away; nothing: back again',
    run: (chat, text) => {
      chat.away = text;
      chat.ask('AWAY', text ? [text] : []);
    } },
  { name: 'whois', usage: 'name', about: 'tells about somebody',
    run: (chat, text) => needs(chat, text, 'about whom?') && chat.ask('WHOIS', words(text)) },
  { name: 'invite', usage: 'name', about: 'asks somebody into this room',
    run: (chat, text, room) => room_needed(chat, room) && needs(chat, text, 'whom?')
      && chat.ask('INVITE', [words(text)[0], room.name]) },
  { name: 'kick', usage: 'name [reason]', about: 'puts somebody out of this room',
    run: (chat, text, room) => {
      const [nick, reason] = first(text);
      if (room_needed(chat, room) && needs(chat, nick, 'whom?'))
        chat.ask('KICK', [room.name, nick, ...(reason ? [reason] : [])]);
    } },
  { name: 'mode', usage: 'modes', about: 'changes the modes of this room: /mode +m',
    run: (chat, text, room) => room_needed(chat, room)
      && chat.ask('MODE', [room.name, ...words(text)]) },
  { name: 'quote', usage: 'line', about: 'sends a line of IRC as it is',
    run: (chat, text) => {
      const [command, rest] = first(text);
      const [front, ...trailing] = rest.split(/(?:^| ):/);
      const params = [...words(front), ...(trailing.length > 0 ? [trailing.join(' :')] : [])];
      if (needs(chat, command, 'which line?')) chat.ask(command, params);
    } },
  { name: 'leave', usage: '', about: 'leaves the chat',
    run: (chat) => chat.changed('leave') },
];

const others = { j: 'join', query: 'msg', m: 'msg', action: 'me', close: 'part', quit: 'leave',
  exit: 'leave', back: 'away', find: 'search', raw: 'quote', '?': 'help', h: 'help' };

function words(text) {
  return text.split(/\s+/).filter((each) => each !== '');
}

function first(text) {
  const [, word, rest] = /^\s*(\S*)\s*([^]*)$/.exec(text);
  return [word, rest];
}

function needs(chat, value, question) {
  if (value) return true;
  chat.inform(question[0].toUpperCase() + question.slice(1), 'error');
  return false;
}

function room_needed(chat, room) {
  return needs(chat, room, 'open a room first: /join lobby');
}

/** The commands that begin with what is typed; none once there is a blank. */
export function commands_like(text) {
  if (!/^\/[a-z?]*$/i.test(text)) return [];
  const start = text.slice(1).toLowerCase();
  return commands.filter((each) => each.name.startsWith(start));
}

/** Does what was typed: says it, or carries it out if it begins with `/`. */
export function run_typed(chat, text) {
  const room = chat.current;
  if (!text.startsWith('/') || text.startsWith('//')) {
    if (!room_needed(chat, room)) return false;
    if (!room.is_private && !room.wanted) {
      chat.inform(`You are not in this room: /join ${room.title}`, 'error');
      return false;
    }
    chat.say(room, text.startsWith('//') ? text.slice(1) : text);
    return true;
  }
  const [word, rest] = first(text.slice(1));
  const name = word.toLowerCase();
  const command = commands.find((each) => each.name === (others[name] ?? name));
  if (!command) {
    chat.inform(`There is no command /${word}. /help shows all; // sends a text with /.`, 'error');
    return false;
  }
  command.run(chat, rest.trim(), room);
  return true;
}

/** The names that could complete the word at the end of `text`. */
export function completions(chat, text) {
  const [, word] = /(\S*)$/.exec(text);
  if (word === '') return { word, found: [] };
  const low = word.toLowerCase();
  if (word.startsWith('#')) {
    const all = [...chat.rooms.rooms().map((each) => each.name),
      ...chat.directory.map((each) => each.channel)];
    return { word, found: [...new Set(all)].filter((each) =>
      channel_of(each).toLowerCase().startsWith(low)).sort() };
  }
  const members = [...chat.current?.members.values() ?? []].map((each) => each.nick);
  const found = members.filter((each) => each.toLowerCase().startsWith(low)).sort();
  return { word, found };
}
