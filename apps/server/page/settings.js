/** What the browser remembers: the name, the rooms, and how far each was read. */

const key = 'confab';

function read(storage, name) {
  try {
    return JSON.parse(storage.getItem(name)) ?? null;
  } catch {
    return null;
  }
}

function write(storage, name, value) {
  try {
    storage.setItem(name, JSON.stringify(value));
  } catch {
    // Storage that is full or forbidden: then nothing is remembered.
  }
}

const nothing = { getItem: () => null, setItem: () => {}, removeItem: () => {} };

function available(name) {
  try {
    return globalThis[name] ?? nothing;
  } catch {
    return nothing;
  }
}

/** What is remembered for all pages (`lasting`) and for this one only (`passing`). */
export class settings {
  constructor(lasting = available('localStorage'), passing = available('sessionStorage')) {
    this.lasting = lasting;
    this.passing = passing;
    const known = read(lasting, key);
    const text = (value) => (typeof value === 'string' ? value : '');
    this.name = text(known?.name);
    this.open = text(known?.open);
    this.rooms = Array.isArray(known?.rooms)
      ? known.rooms.filter((each) => typeof each === 'string').slice(0, 100) : [];
    this.read = new Map(Object.entries(known?.read ?? {})
      .filter(([, time]) => typeof time === 'number'));
    const here = read(passing, key);
    this.entered = text(here?.entered);
    this.unsent = Array.isArray(here?.unsent) ? here.unsent : [];
  }

  save() {
    write(this.lasting, key, {
      name: this.name, open: this.open, rooms: this.rooms, read: Object.fromEntries(this.read),
    });
  }

  /** What a reload of this page goes on with. */
  save_passing() {
    write(this.passing, key, { entered: this.entered, unsent: this.unsent });
  }
}
