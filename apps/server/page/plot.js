/** Draws values over time as lines, in SVG that is made here. */

const space = 'http://www.w3.org/2000/svg';
const width = 600;
const height = 100;

/** A round number that is not smaller. */
export function round_up(value) {
  if (!(value > 0)) return 1;
  const unit = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((each) => each * unit).find((each) => each >= value);
}

/** A number in few letters: 12, 3.4 k, 5.6 M. */
export function short_number(value) {
  const steps = [[1e9, ' G'], [1e6, ' M'], [1e3, ' k']];
  const step = steps.find(([size]) => Math.abs(value) >= size);
  const scaled = step ? value / step[0] : value;
  const text = Math.abs(scaled) >= 100 || Number.isInteger(scaled) ? scaled.toFixed(0)
    : scaled.toFixed(1);
  return text + (step ? step[1] : '');
}

function svg(tag, attributes) {
  const element = document.createElementNS(space, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

function html(tag, class_name, text = '') {
  const element = document.createElement(tag);
  element.className = class_name;
  element.textContent = text;
  return element;
}

/** One plot: a title, the lines, their names. */
export class plot {
  /**
   * @param {string} title
   * @param {string} unit behind numbers
   * @param {number} span_ms how much time it shows
   */
  constructor(title, unit, span_ms) {
    this.title = title;
    this.unit = unit;
    this.span_ms = span_ms;
    this.element = html('article', 'card');
    this.picture = svg('svg', { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none',
      role: 'img' });
    this.top = html('span', 'scale');
    this.bottom = html('span', 'scale', '0');
    this.top.style.insetBlockStart = '0';
    this.bottom.style.insetBlockStart = '100%';
    const frame = html('div', 'frame');
    frame.append(this.picture, this.top, this.bottom);
    this.legend = html('ul', 'legend');
    const times = html('div', 'times');
    times.append(html('span', '', `${Math.round(span_ms / 60_000)} minutes ago`),
      html('span', '', 'now'));
    this.element.append(html('h3', '', title), frame, times, this.legend);
  }

  /**
   * @param {{time_ms: number, values: Map<string, number|null>}[]} rows
   * @param {string[]} names of the lines, in the order of their colours
   */
  draw(rows, names, now_ms) {
    const values = rows.flatMap((row) => names.map((name) => row.values.get(name) ?? 0));
    const most = round_up(Math.max(0, ...values));
    const x = (time) => width * (1 - (now_ms - time) / this.span_ms);
    const y = (value) => height * (1 - value / most);
    const lines = [0, most / 2, most].map((value) => svg('line',
      { class: 'grid', x1: 0, x2: width, y1: y(value), y2: y(value) }));
    for (const [i, name] of names.entries()) {
      const points = rows.filter((row) => row.values.get(name) != null)
        .map((row) => `${x(row.time_ms).toFixed(1)},${y(row.values.get(name)).toFixed(1)}`);
      lines.push(svg('polyline', { class: `series series-${i % 6}`, points: points.join(' ') }));
    }
    this.picture.replaceChildren(...lines);
    this.top.textContent = `${short_number(most)}${this.unit}`;
    const last = rows.at(-1)?.values;
    const told = names.map((name) => `${name} ${short_number(last?.get(name) ?? 0)}${this.unit}`);
    this.picture.setAttribute('aria-label', `${this.title}: ${told.join(', ')}`);
    this.legend.replaceChildren(...told.map((text, i) => html('li', `series-${i % 6}`, text)));
  }
}
