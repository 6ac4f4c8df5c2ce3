/** Reads the text format of Prometheus, and keeps what it says for some minutes. */

/**
 * The samples of a page.
 * @param {string} text
 * @returns {{name: string, labels: Map<string, string>, value: number}[]}
 */
export function parse_metrics(text) {
  const samples = [];
  for (const line of text.split('\n')) {
    const found = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/.exec(line);
    if (!found) continue;
    const labels = new Map();
    for (const [, name, value] of (found[2] ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g))
      labels.set(name, value.replace(/\\(.)/g, (_, each) => (each === 'n' ? '\n' : each)));
    samples.push({ name: found[1], labels, value: Number(found[3]) });
  }
  return samples;
}

/** The sum of a metric, over all its labels. */
export function sum_of(samples, name) {
  return samples.filter((each) => each.name === name).reduce((sum, each) => sum + each.value, 0);
}

/** A metric by one of its labels. */
export function sums_by(samples, name, label) {
  const sums = new Map();
  for (const each of samples) {
    if (each.name !== name) continue;
    const key = each.labels.get(label) ?? '';
    sums.set(key, (sums.get(key) ?? 0) + each.value);
  }
  return sums;
}

/** The links to other nodes, by their names. */
export function links_of(samples) {
  const of = (name) => sums_by(samples, `confab_cluster_${name}`, 'peer');
  const numbers = {
    clients: of('clients'),
    round_trip_s: of('round_trip_seconds'),
    bytes: of('under_way_bytes'),
    credit: of('credit_bytes'),
    made: of('links_made_total'),
    lost: of('links_lost_total'),
    healed: of('links_healed_total'),
    ended: of('links_ended_total'),
    to_catch_up: of('texts_to_catch_up'),
  };
  return [...of('link_up')].sort(([a], [b]) => (a < b ? -1 : 1)).map(([node, up]) => ({
    node,
    up: up > 0,
    ...Object.fromEntries(Object.entries(numbers).map(([key, each]) => [key, each.get(node) ?? 0])),
  }));
}

/** How fast a counter grows; one that begins anew, as its server has, grows from 0. */
export class rate {
  constructor() {
    this.last = null;
  }

  /** @returns {number|null} per second; null as long as nothing is known before */
  next(value, time_ms) {
    const last = this.last;
    this.last = { value, time_ms };
    if (last === null || time_ms <= last.time_ms) return null;
    const grown = value >= last.value ? value - last.value : value;
    return grown * 1000 / (time_ms - last.time_ms);
  }
}

/** The values of the last minutes, by name. */
export class recent_values {
  constructor(span_ms) {
    this.span_ms = span_ms;
    this.rows = [];
  }

  /** @param {Map<string, number|null>} values */
  add(time_ms, values) {
    this.rows.push({ time_ms, values });
    while (this.rows[0].time_ms < time_ms - this.span_ms) this.rows.shift();
  }
}
