/** What somebody who runs the server wants to see: asks for the numbers each second, shows them. */

import { links_of, parse_metrics, rate, recent_values, sum_of, sums_by } from './metrics.js';
import { plot, short_number } from './plot.js';
import { plain_text } from './words.js';

const every_ms = 1_000;
const answer_span_ms = 5_000;
const span_ms = 10 * 60_000;
const rooms_max = 500;
const by_id = (id) => document.getElementById(id);

const kept = new recent_values(span_ms);
const rates = new Map();

function per_second(name, value, now_ms) {
  if (!rates.has(name)) rates.set(name, new rate());
  return rates.get(name).next(value, now_ms);
}

const people = new plot('People by protocol', '', span_ms);
const texts = new plot('Texts per second', '', span_ms);
const backlog = new plot('Backlog in bytes', '', span_ms);
const cuts = new plot('Cuts per second', '', span_ms);
by_id('plots').append(...[people, texts, backlog, cuts].map((each) => each.element));

function make(tag, class_name, text) {
  const element = document.createElement(tag);
  if (class_name) element.className = class_name;
  element.textContent = text;
  return element;
}

function figure(title, value, note = '') {
  const card = make('article', 'card', '');
  card.append(make('h3', '', title), make('p', 'value', value), make('p', 'note', note));
  return card;
}

async function get(path) {
  const answer = await fetch(path, { cache: 'no-store',
    signal: AbortSignal.timeout(answer_span_ms) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer;
}

async function get_rooms() {
  try {
    const rooms = await (await get('rooms.json')).json();
    return Array.isArray(rooms) ? rooms : null;
  } catch {
    return null; // The numbers are worth showing without the list.
  }
}

function show_numbers(samples, now_ms) {
  const dialects = sums_by(samples, 'confab_connections', 'dialect');
  const names = [...dialects.keys()].sort();
  const said = per_second('said', sum_of(samples, 'confab_texts_in_total'), now_ms);
  const heard = per_second('heard', sum_of(samples, 'confab_deliveries_out_total'), now_ms);
  const waiting = sum_of(samples, 'confab_backlog_bytes');
  const cut = sum_of(samples, 'confab_cuts_total');
  kept.add(now_ms, new Map([...dialects, ['said', said], ['delivered', heard],
    ['waiting', waiting], ['cut', per_second('cut', cut, now_ms)]]));
  const all = [...dialects.values()].reduce((sum, each) => sum + each, 0);
  const failing = sum_of(samples, 'confab_history_failing') > 0;
  by_id('figures').replaceChildren(
    figure('People', short_number(all),
      names.filter((each) => dialects.get(each) > 0)
        .map((each) => `${dialects.get(each)} ${each}`).join(', ')),
    figure('Rooms', short_number(sum_of(samples, 'confab_rooms')
      + sum_of(samples, 'confab_rooms_kept_vacant'))),
    figure('Texts per second', short_number(said ?? 0),
      `${short_number(heard ?? 0)} deliveries per second`),
    figure('Backlog', `${short_number(waiting)}B`, 'waits for slow readers'),
    figure('Cuts', short_number(cut), 'since the server started'),
    figure('History', short_number(sum_of(samples, 'confab_history_events')),
      failing ? 'texts cannot be kept at present' : 'events kept'));
  people.draw(kept.rows, names, now_ms);
  texts.draw(kept.rows, ['said', 'delivered'], now_ms);
  backlog.draw(kept.rows, ['waiting'], now_ms);
  cuts.draw(kept.rows, ['cut'], now_ms);
  show_cuts(samples);
  show_links(links_of(samples));
}

function show_cuts(samples) {
  const rows = samples.filter((each) => each.name === 'confab_cuts_total' && each.value > 0)
    .sort((a, b) => b.value - a.value)
    .map((each) => `${each.value} ${each.labels.get('dialect')}: ${each.labels.get('reason')}`);
  by_id('cuts').replaceChildren(...(rows.length > 0 ? rows : ['None.'])
    .map((text) => make('li', '', text)));
}

function span_text(seconds) {
  return seconds < 0.001 ? `${(seconds * 1e6).toFixed(0)} \u00b5s`
    : `${short_number(seconds * 1e3)} ms`;
}

/** Links to other nodes; a server that stands alone has none. */
function show_links(links) {
  by_id('links_part').hidden = links.length === 0;
  const head = document.createElement('tr');
  head.append(make('th', '', 'Node'), make('th', '', 'Link'),
    ...['People', 'Round trip', 'Under way', 'Made', 'Lost', 'Healed', 'Ended', 'To catch up']
      .map((each) => make('th', 'number', each)));
  by_id('links_head').replaceChildren(head);
  by_id('links').replaceChildren(...links.map((each) => {
    const row = document.createElement('tr');
    row.append(make('td', 'name', each.node),
      make('td', each.up ? '' : 'bad', each.up ? 'up' : 'down'),
      ...[each.clients, span_text(each.round_trip_s),
        `${short_number(each.bytes)}B of ${short_number(each.credit)}B`, each.made, each.lost,
        each.healed, each.ended, each.to_catch_up]
        .map((value) => make('td', 'number', String(value))));
    return row;
  }));
}

function show_rooms(rooms) {
  const hint = by_id('rooms_hint');
  if (rooms === null) {
    hint.textContent = 'This server does not tell its rooms.';
    by_id('rooms').replaceChildren();
    return;
  }
  const head = document.createElement('tr');
  head.append(make('th', '', 'Room'), make('th', 'number', 'People'), make('th', '', 'Topic'));
  by_id('rooms_head').replaceChildren(head);
  const sorted = rooms.toSorted((a, b) => b.members - a.members || (a.name < b.name ? -1 : 1));
  by_id('rooms').replaceChildren(...sorted.slice(0, rooms_max).map((each) => {
    const row = document.createElement('tr');
    row.append(make('td', 'name', plain_text(String(each.name))),
      make('td', 'number', String(each.members)),
      make('td', 'topic', plain_text(String(each.topic ?? ''))));
    return row;
  }));
  hint.textContent = rooms.length === 0 ? 'There are no rooms.'
    : rooms.length > rooms_max ? `and ${rooms.length - rooms_max} more` : '';
}

async function round() {
  const state = by_id('state');
  try {
    const [page, rooms] = await Promise.all([get('metrics').then((each) => each.text()),
      get_rooms()]);
    show_numbers(parse_metrics(page), Date.now());
    show_rooms(rooms);
    state.textContent = `as of ${new Date().toLocaleTimeString()}`;
    state.className = '';
  } catch {
    state.textContent = 'The server does not answer. Asking again \u2026';
    state.className = 'bad';
  }
  setTimeout(round, every_ms);
}

round();
