/** The chat without its looks: what comes from the server, and what people want, become state. */

import { entry_of, is_said, new_key } from './entries.js';
import { fill_gap, has_history, load_before, load_latest } from './history.js';
import { byte_length, fold, split_text } from './irc_line.js';
import { outbox } from './outbox.js';
import { channel_of, is_channel_name, member_of, room_list, room_name } from './rooms.js';
import { lost_error, session } from './session.js';
import { mentions } from './words.js';

const marker_ms = 2_000;
const older_again_ms = 10_000; // After a page of history could not be read.
const refused_joins = new Set(['403', '405', '437', '471', '473', '474', '475', '476', '479']);
const with_parameter = new Set(['o', 'v', 'b', 'e', 'I', 'k']);

/** What the server says to a mistake, in a sentence of ours. */
const sentences = {
  433: 'This name is taken.', 432: 'The server does not take this name.',
  404: 'You may not speak here.', 482: 'Only operators of this room may do that.',
  471: 'This room is full.', 473: 'This room is for invited people only.',
  474: 'You are banned from this room.', 475: 'This room needs a key: /join room key.',
  531: 'This person cannot receive private texts.', 401: 'Nobody here has this name.',
};

export class chat {
  /**
   * @param {{url: string, settings: object, changed: function(string, object=),
   *   is_watched: function(object): boolean, make_socket: function=}} options
   *   changed: tells what is different now: `state`, `rooms`, `log`, `people`, `heard` (with room
   *   and entry), `open`, `refused` (with a sentence); is_watched: whether somebody looks at the
   *   newest text of a room
   */
  constructor({ url, settings, changed, is_watched = () => false, make_socket }) {
    this.settings = settings;
    this.is_watched = is_watched;
    this.changed = changed;
    this.rooms = new room_list();
    this.outbox = new outbox();
    this.directory = [];
    this.current = null;
    this.early = []; // What is to be told as soon as there is a room to tell it in.
    this.state = 'closed';
    this.wait_seconds = 0;
    this.away = false;
    this.names = new Map();
    this.keys = new Map();
    this.session = new session(url, {
      on_ready: () => this.#ready(),
      on_lost: () => this.#lost(),
      on_message: (message) => this.#message(message),
      on_state: (state, seconds) => this.#state(state, seconds),
      on_nick: (nick, other) => this.#nick(nick, other),
      on_refused: (code, reason) => this.#refused(code, reason),
    }, make_socket);
    this.outbox.load(settings.unsent);
    for (const { room } of this.outbox.items)
      if (!room.startsWith('#')) this.rooms.open(room, true);
    this.to_tell = new Set(); // Rooms whose marker the server does not know yet.
    this.marker_timer = 0;
  }

  get nick() {
    return this.session.nick;
  }

  /** Whether texts can be said now. */
  get is_online() {
    return this.session.ready;
  }

  /**
   * Logs in and enters rooms.
   * @param {string[]} channels the first one is shown
   */
  enter(nick, password, channels) {
    const again = fold(this.settings.entered) === fold(nick);
    for (const channel of channels) this.rooms.open(channel);
    if (channels.length > 0) this.#show(this.rooms.get(channels[0]));
    this.session.enter(nick, password, again);
  }

  leave() {
    this.settings.entered = '';
    this.#save_unsent();
    this.session.leave();
  }

  /** Shows a room or a conversation that is open already. */
  show(room) {
    this.#show(room);
    this.settings.open = room.is_private ? this.settings.open : room.name;
    this.settings.save();
  }

  join(name, key = '') {
    const channel = channel_of(name);
    if (!is_channel_name(channel, this.session.limit('CHANNELLEN', 65))) {
      this.inform(`"${name}" cannot be the name of a room.`, 'error');
      return;
    }
    const room = this.rooms.open(channel);
    room.wanted = true;
    if (key) this.keys.set(room.key, key);
    if (!room.joined && this.is_online) this.#send_join(room);
    this.show(room);
    this.#remember_rooms();
  }

  /** Leaves a room, or closes a conversation. */
  part(room, reason = '') {
    if (room.joined) this.session.send('PART', reason ? [room.name, reason] : [room.name]);
    this.rooms.close(room.name);
    this.#remember_rooms();
    if (this.current === room) {
      const next = this.rooms.rooms()[0] ?? this.rooms.conversations()[0];
      if (next) this.show(next);
      else this.#show(null);
    }
    this.changed('rooms');
  }

  /** Opens a conversation with one person. */
  converse(nick) {
    const conversation = this.rooms.open(nick, true);
    this.show(conversation);
    return conversation;
  }

  /** Says a text, in as many pieces as its length needs. */
  say(room, text, kind = 'text') {
    for (const line of text.split(/\r\n|\r|\n/)) {
      if (line.trim() === '') continue;
      for (const piece of split_text(line, this.#room_for_text(room, kind)))
        this.outbox.add(room.name, kind, piece, this.nick, room.server_time());
    }
    room.new_since = 0;
    this.#save_unsent();
    this.#flush(room);
    this.changed('log', room);
  }

  /** Sends a text once more that was refused, or of which nobody knows. */
  say_again(item) {
    item.state = 'waiting';
    item.reason = '';
    const room = this.rooms.get(item.room);
    if (room) this.#flush(room);
    this.changed('log', room);
  }

  /** Gives up a text that is not confirmed. */
  forget(item) {
    this.outbox.remove(item);
    this.#save_unsent();
    this.changed('log', this.rooms.get(item.room));
  }

  /** Sends any other command, and shows the answers in the open room. */
  async ask(command, params) {
    try {
      await this.session.request(command, params, { dispatch: true });
    } catch (error) {
      this.inform(`${command}: ${error.message}.`, 'error');
    }
  }

  /** Loads older texts of a room. */
  async older(room) {
    if (room.loading || room.past_complete || !room.joined || !room.loaded) return;
    if (Date.now() < room.older_not_before) return;
    try {
      const loading = load_before(this.session, room);
      this.changed('log', room);
      await loading;
    } catch (error) {
      room.older_not_before = Date.now() + older_again_ms;
      if (!(error instanceof lost_error)) this.inform(`No older texts: ${error.message}`, 'error');
    }
    this.changed('log', room);
  }

  /** A line of this page's own in a room's log. */
  inform(text, kind = 'info', room = this.current) {
    if (!room) {
      this.changed('refused', text);
      return;
    }
    const time = Math.max(Date.now(), room.server_time());
    room.add_live({
      key: new_key(), id: '', time, stamp: '', kind, author: '', text, target: '', kept: false,
    });
    this.changed('log', room);
    this.changed('informed', text);
  }

  /** Whoever reads has seen a room down to its end. */
  seen(room) {
    const time = room.last_said_time();
    if (time <= room.marker) return;
    room.marker = time;
    room.unread = 0;
    room.mentions = 0;
    this.#remember_marker(room);
    this.changed('rooms');
  }

  /** What a mention of the user looks like. */
  is_mention(entry) {
    return is_said(entry) && !this.is_own(entry) && mentions(entry.text, this.nick);
  }

  is_own(entry) {
    return this.session.own_nicks.has(fold(entry.author));
  }

  /** Asks for the list of all rooms. */
  async refresh_directory() {
    if (!this.is_online) return;
    try {
      const lines = await this.session.request('LIST', []);
      this.directory = lines.filter((line) => line.command === '322').map((line) => ({
        channel: line.params[1], count: Number(line.params[2]), topic: line.params[3] ?? '',
      }));
      this.changed('rooms');
    } catch {
      // The connection is gone: asked again when it is back.
    }
  }

  // What the session tells.

  #state(state, seconds) {
    this.state = state;
    this.wait_seconds = seconds;
    this.changed('state');
  }

  #nick(nick, other) {
    this.settings.entered = nick;
    if (!other) this.settings.name = nick;
    this.settings.save();
    this.#save_unsent();
    if (other && !this.session.reclaiming) {
      this.#inform_soon(`The name ${this.session.wanted_nick} is taken, so you are ${nick}. `
        + 'Choose another one with /nick.');
    } else if (other) {
      this.#inform_soon(`Your name ${this.session.wanted_nick} is still held by your last connection. `
        + `You are ${nick} until it is given up.`);
    }
    this.changed('state');
  }

  #inform_soon(text) {
    if (this.current) this.inform(text);
    else this.early.push(text);
  }

  #refused(code, reason) {
    this.changed('refused', code === '464' ? 'password' : sentences[code] ?? reason);
  }

  #ready() {
    this.changed('state');
    const lobby = this.session.support.get('LOBBY');
    if (this.rooms.rooms().length === 0) this.rooms.open(lobby ? channel_of(lobby) : '#lobby');
    if (this.current === null) this.#show(this.rooms.rooms()[0]);
    for (const text of this.early.splice(0)) this.inform(text);
    if (this.away) this.session.send('AWAY', [this.away]);
    // The open room first: that is what people wait for.
    const rooms = this.rooms.rooms().filter((each) => each.wanted);
    rooms.sort((a, b) => Number(b === this.current) - Number(a === this.current));
    for (const room of rooms) this.#send_join(room);
    for (const each of this.rooms.conversations()) {
      this.outbox.settle(each.key, false);
      this.#flush(each);
    }
    this.refresh_directory();
  }

  #lost() {
    this.outbox.lost();
    for (const room of this.rooms.rooms()) {
      room.joined = false;
      room.settled = false;
      room.live_id = '';
    }
    this.names.clear();
    this.changed('state');
    this.changed('rooms');
    if (this.current) this.changed('log', this.current);
  }

  #send_join(room) {
    const key = this.keys.get(room.key);
    this.session.send('JOIN', key ? [room.name, key] : [room.name]);
  }

  #show(room) {
    this.current = room;
    if (room) room.new_since = room.unread > 0 ? room.marker : 0;
    this.changed('open', room);
    this.changed('rooms');
    this.changed('people');
  }

  #message(message) {
    const { command, params } = message;
    const handler = handlers[command];
    if (handler) handler.call(this, message);
    else if (/^\d\d\d$/.test(command)) this.#numeric(command, params);
    else if (command === 'FAIL' || command === 'WARN' || command === 'NOTE')
      this.inform(params.at(-1), command === 'FAIL' ? 'error' : 'info');
  }

  /** Adds what happens now to a room. */
  #heard(room, message) {
    const entry = entry_of(message);
    if (!entry) return null;
    if (message.tags.has('label') || this.is_own(entry)) entry.kept = has_history(this.session);
    const added = room.add_live(entry);
    if (!added) {
      this.changed('log', room);
      return null;
    }
    if (is_said(added) && !this.is_own(added)) {
      if (!this.is_watched(room) && (room.new_since === 0 || room.unread === 0))
        room.new_since = room.marker;
      if (added.time > room.marker) {
        room.unread += 1;
        if (room.is_private || this.is_mention(added)) room.mentions += 1;
      }
      this.changed('heard', { room, entry: added });
      this.changed('rooms');
    }
    this.changed('log', room);
    return added;
  }

  on_text(message) {
    const [target, text] = message.params;
    const { nick } = message.source;
    if (nick === '' || !message.source.user) {
      this.inform(text ?? '');
      return;
    }
    const channel = target.replace(/^[@+]+/, '');
    const is_channel = channel.startsWith('#');
    if (!is_channel && text?.startsWith('\x01') && !text.startsWith('\x01ACTION')) return;
    const room = is_channel ? this.rooms.get(channel)
      : this.rooms.open(this.session.is_me(nick) ? target : nick, true);
    if (room) this.#heard(room, message);
  }

  on_join(message) {
    const { nick } = message.source;
    const name = message.params[0];
    const mine = this.session.is_me(nick);
    const room = mine ? this.rooms.open(name) : this.rooms.get(name);
    if (!room) return;
    if (!mine) room.members.set(fold(nick), { nick, marks: '', away: false });
    const entry = this.#heard(room, message);
    if (mine) {
      this.session.prefix_bytes = byte_length(message.source.nick)
        + byte_length(message.source.user) + byte_length(message.source.host) + 2;
      room.name = name;
      room.joined = true;
      room.wanted = true;
      room.problem = '';
      room.joined_entry = entry;
      if (entry) this.#catch_up(room, entry);
      this.#remember_rooms();
    }
    this.#people(room);
  }

  /** Reads what was said before, or meanwhile; then the texts that wait are sent. */
  async #catch_up(room, joined) {
    const connection = this.session.asked;
    if (!has_history(this.session)) {
      room.past_complete = true;
      room.loaded = true;
      this.#first_marker(room, joined);
      this.#settle(room, false);
      return;
    }
    try {
      let added;
      if (room.loaded) {
        added = await fill_gap(this.session, room, joined);
      } else {
        room.loading = true;
        this.changed('log', room);
        added = await load_latest(this.session, room, joined);
        room.loaded = true;
      }
      if (connection !== this.session.asked) return;
      this.outbox.claim(room.key, added);
      this.#first_marker(room, joined);
      this.#settle(room, true);
    } catch (error) {
      if (error instanceof lost_error || connection !== this.session.asked) return;
      this.inform(`What was said before cannot be read: ${error.message}`, 'error', room);
      room.loaded = true;
      this.#settle(room, false);
    } finally {
      room.loading = false;
    }
  }

  #settle(room, known) {
    room.loading = false;
    room.settled = true;
    this.outbox.settle(room.key, known);
    room.count_unread((each) => this.is_own(each), (each) => this.is_mention(each));
    if (room.unread > 0 && room.new_since === 0) room.new_since = room.marker;
    this.#flush(room);
    this.#save_unsent();
    this.changed('log', room);
    this.changed('rooms');
  }

  #first_marker(room, joined) {
    if (room.marker > 0) return;
    room.marker = this.settings.read.get(room.key) ?? joined.time;
  }

  on_part(message) {
    const room = this.rooms.get(message.params[0]);
    if (!room) return;
    this.#heard(room, message);
    this.#gone(room, message.source.nick);
  }

  on_kick(message) {
    const room = this.rooms.get(message.params[0]);
    if (!room) return;
    this.#heard(room, message);
    this.#gone(room, message.params[1]);
  }

  #gone(room, nick) {
    room.members.delete(fold(nick));
    if (this.session.is_me(nick)) {
      room.joined = false;
      room.wanted = false;
      room.settled = false;
      room.members.clear();
    }
    this.#people(room);
  }

  on_quit(message) {
    const key = fold(message.source.nick);
    for (const room of this.rooms.rooms()) {
      if (!room.members.delete(key)) continue;
      this.#heard(room, message);
      this.#people(room);
    }
  }

  on_nick(message) {
    const key = fold(message.source.nick);
    const nick = message.params[0];
    for (const room of this.rooms.rooms()) {
      const member = room.members.get(key);
      if (!member) continue;
      room.members.delete(key);
      room.members.set(fold(nick), { ...member, nick });
      this.#heard(room, message);
      this.#people(room);
    }
  }

  on_topic(message) {
    const room = this.rooms.get(message.params[0]);
    if (!room) return;
    room.topic = message.params[1] ?? '';
    this.#heard(room, message);
    this.changed('rooms');
  }

  on_mode(message) {
    const room = this.rooms.get(message.params[0]);
    if (!room) return;
    let sign = '+';
    const rest = message.params.slice(2);
    for (const letter of message.params[1] ?? '') {
      if (letter === '+' || letter === '-') {
        sign = letter;
        continue;
      }
      const takes = with_parameter.has(letter) || (letter === 'l' && sign === '+');
      const param = takes ? rest.shift() : undefined;
      const member = param === undefined ? undefined : room.members.get(fold(param));
      const mark = { o: '@', v: '+' }[letter];
      if (!member || !mark) continue;
      const others = member.marks.replace(mark, '');
      const marks = sign === '+' ? others + mark : others;
      member.marks = marks === '+@' ? '@+' : marks;
    }
    this.#heard(room, message);
    this.#people(room);
  }

  on_away(message) {
    for (const room of this.rooms.rooms()) {
      const member = room.members.get(fold(message.source.nick));
      if (!member) continue;
      member.away = message.params.length > 0;
      this.#people(room);
    }
  }

  on_redact(message) {
    const room = this.rooms.get(message.params[0]);
    if (!room) return;
    room.remove(message.params[1]);
    this.changed('log', room);
  }

  on_marker(message) {
    const room = this.rooms.get(message.params[0]);
    const stamp = /^timestamp=(.*)$/.exec(message.params[1] ?? '');
    if (!room || !stamp) return;
    const time = Date.parse(stamp[1]);
    if (!(time > room.marker)) return;
    room.marker = time;
    room.count_unread((each) => this.is_own(each), (each) => this.is_mention(each));
    this.changed('rooms');
  }

  on_invite(message) {
    const [nick, channel] = message.params;
    if (this.session.is_me(nick))
      this.inform(`${message.source.nick} invites you to ${room_name(channel)}: `
        + `/join ${room_name(channel)}`);
  }

  on_error(message) {
    const reason = message.params.at(-1) ?? '';
    const [, inside] = /\[(.*)\]$/.exec(reason) ?? [];
    if (this.current) this.inform(`The server has ended the connection: ${inside ?? reason}`);
  }

  #numeric(command, params) {
    const room = this.rooms.get(params[1] ?? '');
    const words = params.slice(1).join(' ');
    if (command === '353') {
      const channel = fold(params[2]);
      const list = this.names.get(channel) ?? [];
      list.push(...params[3].split(' ').filter((each) => each !== ''));
      this.names.set(channel, list);
    } else if (command === '366') {
      this.#named(room, fold(params[1] ?? ''));
    } else if (command === '332' && room) {
      room.topic = params[2];
      this.changed('rooms');
    } else if (command === '331' && room) {
      room.topic = '';
      this.changed('rooms');
    } else if (refused_joins.has(command) && room && !room.joined) {
      room.wanted = false;
      room.problem = sentences[command] ?? params.at(-1);
      this.inform(room.problem, 'error', room);
      this.changed('rooms');
    } else if (command === '305' || command === '306') {
      this.inform(params.at(-1));
    } else if (command === '301') {
      this.inform(`${params[1]} is away: ${params.at(-1)}`);
    } else if (silent.has(command)) {
      return;
    } else if (/^[45]/.test(command)) {
      this.inform(sentences[command] ?? words, 'error');
    } else {
      this.inform(words);
    }
  }

  #named(room, key) {
    const list = this.names.get(key) ?? [];
    this.names.delete(key);
    if (!room) return;
    const members = new Map();
    for (const word of list) {
      const member = member_of(word);
      member.away = room.members.get(fold(member.nick))?.away ?? false;
      members.set(fold(member.nick), member);
    }
    room.members = members;
    this.#people(room);
  }

  #people(room) {
    if (room === this.current) this.changed('people');
    this.changed('rooms');
  }

  // Sending.

  #flush(room) {
    if (!this.is_online || !(room.is_private || room.settled)) return;
    for (const item of this.outbox.due(room.key)) this.#send(room, item);
  }

  async #send(room, item) {
    item.state = 'sent';
    item.nick = this.nick;
    item.behind = room.server_time();
    const text = item.kind === 'action' ? `\x01ACTION ${item.text}\x01` : item.text;
    try {
      const answer = await this.session.request('PRIVMSG', [room.name, text], { dispatch: false });
      const failure = answer.find((line) => /^[45]\d\d$/.test(line.command)
        || line.command === 'FAIL');
      if (failure) {
        this.outbox.refuse(item, sentences[failure.command] ?? failure.params.at(-1));
      } else {
        this.outbox.remove(item);
      }
      for (const line of answer) if (line !== failure) this.#message(line);
    } catch {
      // The connection was lost, and `#lost` has made the item unsure.
    }
    this.#save_unsent();
    this.changed('log', room);
  }

  /** The bytes that a text may have so that nobody gets it cut. */
  #room_for_text(room, kind) {
    const line = this.session.limit('LINELEN', 512) - 2;
    const prefix = this.session.prefix_bytes ?? 32 + 10 + 15 + 2;
    const around = byte_length(`: PRIVMSG ${room.name} :`) + (kind === 'action' ? 9 : 0);
    return Math.max(64, line - Math.max(prefix, 60) - around);
  }

  #save_unsent() {
    this.settings.unsent = this.outbox.save();
    this.settings.save_passing();
  }

  #remember_rooms() {
    this.settings.rooms = this.rooms.rooms().filter((each) => each.wanted)
      .map((each) => each.name);
    this.settings.save();
    this.changed('rooms');
  }

  #remember_marker(room) {
    if (room.is_private) return;
    this.settings.read.set(room.key, room.marker);
    this.to_tell.add(room);
    if (this.marker_timer === 0)
      this.marker_timer = setTimeout(() => this.#tell_markers(), marker_ms);
  }

  #tell_markers() {
    this.marker_timer = 0;
    this.settings.save();
    for (const room of this.to_tell) {
      if (!this.session.has('draft/read-marker') || !room.joined) continue;
      const stamp = new Date(room.marker).toISOString();
      this.session.send('MARKREAD', [room.name, `timestamp=${stamp}`]);
    }
    this.to_tell.clear();
  }
}

const silent = new Set(['002', '003', '004', '251', '252', '253', '254', '255', '265', '266',
  '221', '329', '333', '372', '375', '376', '422', '321', '323', '315', '318', '369']);

const handlers = {
  PRIVMSG: chat.prototype.on_text, NOTICE: chat.prototype.on_text,
  JOIN: chat.prototype.on_join, PART: chat.prototype.on_part, KICK: chat.prototype.on_kick,
  QUIT: chat.prototype.on_quit, NICK: chat.prototype.on_nick, TOPIC: chat.prototype.on_topic,
  MODE: chat.prototype.on_mode, AWAY: chat.prototype.on_away, REDACT: chat.prototype.on_redact,
  MARKREAD: chat.prototype.on_marker, INVITE: chat.prototype.on_invite,
  ERROR: chat.prototype.on_error,
};
