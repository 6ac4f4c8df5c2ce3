// Tests of the parts of the page that know nothing of the page. Evaluated there as the body of an
// async function; what is returned is the list of failures. See looks.cpp.
const [L, W, R, O, C, S, G, E, H] = await Promise.all(['irc_line', 'words', 'rooms', 'outbox',
  'connection', 'session', 'log_rows', 'entries', 'history'].map((each) => import(`/${each}.js`)));
const failures = [];
let name = '';
const equal = (is, wanted) => {
  const [a, b] = [JSON.stringify(is), JSON.stringify(wanted)];
  if (a !== b) failures.push(`${name}: ${a} instead of ${b}`);
};
const ok = (is) => equal(Boolean(is), true);
const test = (what, run) => {
  name = what;
  try {
    run();
  } catch (error) {
    failures.push(`${what}: ${error.stack}`);
  }
};
/** What a room is told: somebody says something, at a time in milliseconds. */
const line = (id, time, nick, text, command = 'PRIVMSG') => L.parse_line(
  `@msgid=${id};time=${new Date(time).toISOString()} :${nick}!u@h ${command} #x :${text}`);
const entry = (...what) => E.entry_of(line(...what));
const ids = (room) => room.entries.map((each) => each.id);

test('bytes of the value of a token may be written by their numbers', () => {
  equal(S.unescaped('#caf\\xC3\\xA9'), '#café');
  equal(S.unescaped('100%\\x3D'), '100%=');
  equal(S.unescaped('\\xC3'), '\\xC3');
});

test('a line is taken apart', () => {
  const found = L.parse_line('@a=b\\:c;time=2026 :n!u@h PRIVMSG #x :hi  there');
  equal(found.tags.get('a'), 'b;c');
  equal(found.params, ['#x', 'hi  there']);
  equal(found.source, { nick: 'n', user: 'u', host: 'h' });
  equal(L.parse_line(':s 353 a = #x :').params, ['a', '=', '#x', '']);
  equal(L.parse_line(':server PING x').source.nick, 'server');
});

test('a line is put together, and cannot become two', () => {
  equal(L.format_line('PRIVMSG', ['#a', 'b c'], { label: 'x y' }),
    '@label=x\\sy PRIVMSG #a :b c');
  equal(L.format_line('PRIVMSG', ['#a', 'b\r\nQUIT']), 'PRIVMSG #a :b  QUIT');
});

test('a long text is cut into pieces that fit, and never inside a character', () => {
  const family = '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}';
  const texts = ['x'.repeat(1000), 'w\u00f6rd '.repeat(300), family.repeat(50),
    `a${'\u0301'.repeat(900)}`];
  for (const text of texts) {
    const pieces = L.split_text(text, 100);
    equal(pieces.join(''), text);
    ok(pieces.every((each) => L.byte_length(each) <= 100));
  }
});

test('links are http and https, without the sentence around them', () => {
  const parts = (text) => W.parts_of(text).map((each) => [each.text, each.address ?? null]);
  equal(parts('see https://a.b/c_(d). x'),
    [['see ', null], ['https://a.b/c_(d)', 'https://a.b/c_(d)'], ['. x', null]]);
  equal(parts('javascript:alert(1)'), [['javascript:alert(1)', null]]);
});

test('formatting becomes classes or nothing, and tricks become visible', () => {
  equal(W.plain_text('\x02a\x0304,01b\x0f\u202ec'), 'ab[U+202E]c');
  equal(W.parts_of('\x02bold\x02 \x0304red\x03 x').map((each) => each.classes),
    [['bold'], [], ['colour-4'], []]);
});

test('a mention is a word', () => {
  ok(W.mentions('hi Kay, x', 'kay'));
  ok(W.mentions('@kay', 'kay'));
  ok(!W.mentions('okay', 'kay'));
});

test('a name becomes a nick', () => {
  equal(['Zo\u00eb M\u00fcller', '1a', '\u65e5\u672c'].map((each) => S.nick_of(each)),
    ['Zoe_Muller', 'a', '']);
});

test('a page of history goes around what was heard live', () => {
  const room = new R.room('#x', false);
  room.add_live(entry('j', 1000, 'me', '', 'JOIN'));
  room.add_live(entry('3', 3000, 'a', 'three'));
  room.merge(E.entries_of([line('1', 100, 'a', 'one'), line('j', 1000, 'me', '', 'JOIN'),
    line('2', 2000, 'a', 'two'), line('3', 3000, 'a', 'three'), line('4', 4000, 'b', 'four')]), 0);
  equal(ids(room), ['1', 'j', '2', '3', '4']);
  room.add_live(entry('3b', 3500, 'a', 'late'));
  equal(ids(room), ['1', 'j', '2', '3', '3b', '4']);
  equal(room.add_live(entry('4', 4000, 'b', 'four')), null);
});

test('lines of one msgid are one text', () => {
  const room = new R.room('#x', false);
  room.add_live(entry('1', 100, 'a', 'one '));
  room.add_live(entry('1', 100, 'a', 'two'));
  equal(room.entries.map((each) => each.text), ['one two']);
  equal(E.entries_of([line('1', 100, 'a', 'one '), line('1', 100, 'a', 'two')]).length, 1);
});

test('a text that was heard but not kept goes when it is said again', () => {
  const room = new R.room('#x', false);
  room.add_live(entry('1', 100, 'a', 'one'));
  room.add_live(entry('2', 200, 'a', 'two'));
  room.entries[0].kept = true;
  room.doubt(1, 2);
  equal(room.entries[1].doubted, true);
  room.add_live(entry('9', 900, 'a', 'two'));
  equal(ids(room), ['1', '9']);
});

test('a gap is filled from before what other nodes may have been about to tell', () => {
  const room = new R.room('#x', false);
  for (const [id, time] of [['1', 1_000], ['2', 8_000], ['3', 12_000], ['4', 13_000]])
    room.add_live(entry(id, time, 'a', id));
  equal(H.last_sure(room, 4)?.id, '1'); // Heard more than ten seconds before the last one.
  for (const each of room.entries) each.kept = true;
  equal(H.last_sure(room, 4)?.id, '2'); // In the history, more than three seconds before.
  equal(H.last_sure(room, 2)?.id, '1');
  equal(H.last_sure(room, 1), null);
});

test('of two equal texts the history has confirmed one, so the other is sent again', () => {
  const box = new O.outbox();
  const [first, second, third] = ['hi', 'hi', 'new'].map((each) =>
    box.add('#x', 'text', each, 'me', 50));
  first.state = second.state = 'sent';
  box.lost();
  equal(box.due('#x'), []);
  box.claim('#x', [entry('0', 40, 'me', 'hi'), entry('1', 100, 'me', 'hi')]);
  box.settle('#x', true);
  equal(box.due('#x').map((each) => each.key), [second.key, third.key]);
});

test('a server that restarts is asked often, one that stays away seldom', () => {
  equal(C.wait_before(0, 0, 0.5), 0.25);
  for (let i = 0, lost = 0; i < 12; ++i) {
    const wait = C.wait_before(i, lost * 1000, 1);
    ok(wait <= 2.5);
    lost += wait;
  }
  equal(C.wait_before(200, 1e9, 0.5), 10);
});

test('joins and leaves are folded, and an author is named once', () => {
  const room = new R.room('#x', false);
  for (const [i, nick] of ['a', 'a', 'b'].entries())
    room.add_live(entry(`t${i}`, 1e12 + i, nick, 'x'));
  room.add_live(entry('j1', 1e12 + 9, 'c', '', 'JOIN'));
  room.add_live(entry('j2', 1e12 + 10, 'c', '', 'PART'));
  equal(G.rows_of(room, [], () => false).map((each) => each.kind + (each.same ? '=' : '')),
    ['day', 'said', 'said=', 'said', 'folded']);
  equal(G.summary_of(room.entries.slice(3)), 'c came and left');
});

return failures;
