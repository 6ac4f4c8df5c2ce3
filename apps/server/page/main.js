/** Puts the page together: which part of it shows what of the chat, and when. */

import { chat } from './chat.js';
import { compose } from './compose.js';
import { log_view } from './log_view.js';
import { people_view } from './people_view.js';
import { channel_of, dialect_of } from './rooms.js';
import { rooms_view } from './rooms_view.js';
import { search_view } from './search_view.js';
import { nick_of } from './session.js';
import { settings } from './settings.js';
import { parts_of, plain_text, shown_name } from './words.js';
import { make } from './elements.js';

const directory_ms = 15_000;
const by_id = (id) => document.getElementById(id);

const remembered = new settings();
const waiting = new Set();
let scheduled = false;

/** Draws once, however much has changed; also where nobody looks, as the title is seen there. */
function changed(what, detail) {
  if (what === 'heard') return heard(detail);
  if (what === 'informed') return announce(detail);
  if (what === 'refused') return refused(detail);
  if (what === 'search') return search.run(detail);
  if (what === 'leave') return leave();
  if (what === 'log' && detail !== talk.current) return undefined;
  waiting.add(what);
  if (scheduled) return undefined;
  scheduled = true;
  if (document.hidden) setTimeout(draw, 100);
  else requestAnimationFrame(draw);
  return undefined;
}

const address = new URL('irc', location.href);
address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
address.search = address.hash = '';

const talk = new chat({ url: address.href, settings: remembered, changed, is_watched });
const log = new log_view(by_id('log'), by_id('jump'), talk);
const say = new compose(by_id('say'), by_id('offers'), talk, announce);
const rooms = new rooms_view(by_id('rooms'), by_id('find'), talk, {
  show: (room) => { talk.show(room); show_pane(''); by_id('say').focus(); },
  join: (name) => { talk.join(name); show_pane(''); by_id('say').focus(); },
  part: (room) => talk.part(room),
});
const people = new people_view(by_id('people'), by_id('people_count'), talk, (nick) => {
  show_pane('');
  if (talk.session.is_me(nick) || dialect_of(nick) !== '') say.insert(`${nick}: `);
  else {
    talk.converse(nick);
    by_id('say').focus();
  }
});
const search = new search_view(by_id('search'), by_id('found'), talk, (id) => log.reveal(id),
  announce);

function draw() {
  scheduled = false;
  const what = new Set(waiting);
  waiting.clear();
  if (what.has('open')) opened();
  else if (what.has('log')) log.render();
  if (what.has('rooms') || what.has('log')) rooms.render();
  if (what.has('people')) people.render();
  if (what.has('state') || what.has('rooms')) show_state();
  look();
}

function opened() {
  const room = talk.current;
  log.open(room);
  by_id('log').setAttribute('aria-label', room ? `Texts in ${room.title}` : 'Texts');
  say.open(room);
  if (room && !room.is_private) history.replaceState(null, '', `#${encode_channel(room.name)}`);
}

/** `#lobby` is channel `#lobby`; the name of a room may hold anything. */
function encode_channel(channel) {
  return encodeURIComponent(channel.slice(1)).replace(/%23/g, '#');
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Rooms that the address names, then those that are remembered; none: the server's lobby. */
function first_rooms() {
  const asked = new URLSearchParams(location.search).get('room');
  const named = [];
  if (location.hash.length > 1) named.push(channel_of(`#${decode(location.hash.slice(1))}`));
  else if (asked) named.push(channel_of(asked));
  else if (remembered.rooms.includes(remembered.open)) named.push(remembered.open);
  const all = [...named, ...remembered.rooms].map(channel_of).filter((each) => each !== '');
  return [...new Set(all)];
}

// What is said to those who cannot see.

let announced = 0;

function announce(text) {
  const region = by_id('announced');
  announced += 1;
  region.append(make('p', { text: plain_text(text) }));
  while (region.childElementCount > 5) region.firstElementChild.remove();
  const number = announced;
  setTimeout(() => {
    if (number === announced) region.replaceChildren();
  }, 10_000);
}

function heard({ room, entry }) {
  if (room === talk.current) announce(`${shown_name(entry.author)}: ${entry.text}`);
  else if (room.is_private || talk.is_mention(entry))
    announce(`${shown_name(entry.author)} in ${room.title}: ${entry.text}`);
}

// The door: a name, and in.

const door = by_id('door');
const name = by_id('name');
const password = by_id('password');

function enter() {
  const nick = nick_of(name.value);
  if (nick === '') {
    door_says('A name begins with a letter from A to Z.');
    name.focus();
    return;
  }
  remembered.name = nick;
  remembered.save();
  door_says('Connecting \u2026');
  by_id('enter').disabled = true;
  talk.enter(nick, password.value, first_rooms());
}

function door_says(text) {
  by_id('door_state').textContent = text;
}

function show_door(visible) {
  if (door.hidden === !visible) return;
  door.hidden = !visible;
  by_id('chat').hidden = visible;
  by_id('enter').disabled = false;
  if (visible) {
    name.focus();
  } else {
    say.fit();
    by_id('say').focus();
  }
}

function refused(reason) {
  if (talk.is_online) return;
  if (reason === 'password') {
    by_id('password_part').hidden = false;
    door_says('This server asks for a password.');
    show_door(true);
    password.focus();
  } else {
    door_says(reason);
  }
  by_id('enter').disabled = false;
}

function leave() {
  talk.leave();
  talk.rooms.all.clear();
  talk.current = null;
  log.open(null);
  by_id('announced').replaceChildren();
  door_says('');
  show_door(true);
  document.title = 'Confab';
}

// The state of things, in words.

let was_online = false;

function show_state() {
  const { state, is_online: online } = talk;
  if (online) show_door(false);
  if (!door.hidden && state === 'waiting') {
    door_says('The server does not answer. Trying again \u2026');
    by_id('enter').disabled = false;
  }
  const lost = !online && state !== 'closed';
  by_id('lost').hidden = !lost;
  if (was_online && lost) announce('The connection is lost.');
  if (!was_online && online && door.hidden) announce(`You are ${talk.nick}.`);
  was_online = online;
  by_id('chat').classList.toggle('offline', lost);
  by_id('own_nick').textContent = talk.nick;
  by_id('own_state').textContent = online ? 'connected' : 'not connected';
  show_room();
  show_title();
}

function show_room() {
  const room = talk.current;
  by_id('room_name').textContent = room ? shown_name(room.title) : 'Confab';
  const topic = room?.problem || room?.topic || '';
  const line = by_id('room_topic');
  if (line.dataset.shown === topic) return;
  line.dataset.shown = topic;
  line.replaceChildren(...parts_of(topic).map((part) => (part.address === undefined ? part.text
    : make('a', { href: part.address, target: '_blank', rel: 'noopener noreferrer nofollow',
      text: part.text }))));
}

function show_title() {
  const open = [...talk.rooms.all.values()];
  const unread = open.reduce((sum, each) => sum + each.unread, 0);
  const calls = open.reduce((sum, each) => sum + each.mentions, 0);
  const count = calls > 0 ? `(${calls}!) ` : unread > 0 ? `(${unread}) ` : '';
  const title = `${count}${talk.current ? `${shown_name(talk.current.title)} \u2013 ` : ''}Confab`;
  if (document.title !== title) document.title = title;
}

/** Whether somebody looks at the newest text of a room. */
function is_watched(room) {
  return room === talk.current && door.hidden && !document.hidden && document.hasFocus()
    && log.at_end;
}

/** What is in sight to its end is read. */
function look() {
  const room = talk.current;
  if (room && is_watched(room) && (room.settled || room.is_private)) talk.seen(room);
}

// Panes at the sides: always there on a wide screen, one at a time on a narrow one.

function show_pane(which) {
  document.body.dataset.pane = which;
  for (const each of ['rooms', 'people'])
    by_id(`show_${each}`).setAttribute('aria-expanded', String(which === each));
  if (which !== '') by_id(which).querySelector('button')?.focus();
}

function toggle_pane(which) {
  show_pane(document.body.dataset.pane === which ? '' : which);
}

by_id('door_form').addEventListener('submit', (event) => {
  event.preventDefault();
  enter();
});
by_id('show_rooms').addEventListener('click', () => toggle_pane('rooms'));
by_id('show_people').addEventListener('click', () => toggle_pane('people'));
by_id('shade').addEventListener('click', () => show_pane(''));
by_id('leave').addEventListener('click', leave);
by_id('retry').addEventListener('click', () => talk.session.hurry());
by_id('send').addEventListener('click', () => {
  say.send();
  by_id('say').focus();
});
by_id('find').addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || by_id('find').value.trim() === '') return;
  event.preventDefault();
  talk.join(by_id('find').value);
  by_id('find').value = '';
  rooms.render();
  show_pane('');
  by_id('say').focus();
});
addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && document.body.dataset.pane) show_pane('');
  else if (event.key === 'Escape' && !door.hidden === false) by_id('say').focus();
  if ((event.ctrlKey || event.metaKey) && event.key === 'k') {
    event.preventDefault();
    by_id('search').focus();
  }
  if (event.altKey && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
    event.preventDefault();
    next_room(event.key === 'ArrowDown' ? 1 : -1);
  }
});

function next_room(step) {
  const open = [...talk.rooms.rooms().sort((a, b) => (a.key < b.key ? -1 : 1)),
    ...talk.rooms.conversations()];
  if (open.length === 0) return;
  const at = open.indexOf(talk.current);
  talk.show(open[(at + step + open.length) % open.length]);
}

addEventListener('online', () => talk.session.hurry());
addEventListener('focus', look);
document.addEventListener('visibilitychange', () => {
  if (document.hidden) return;
  talk.session.hurry();
  changed('log', talk.current);
});
addEventListener('hashchange', () => {
  const channel = channel_of(`#${decode(location.hash.slice(1))}`);
  if (talk.is_online && channel.length > 1) talk.join(channel);
});
log.on_end = look;
setInterval(() => {
  if (!document.hidden) talk.refresh_directory();
}, directory_ms);

name.value = remembered.name;
if (remembered.entered !== '') {
  name.value = remembered.entered;
  enter();
} else {
  name.focus();
}
