// The calipers as a list below the chart: each with its reading, and buttons to choose, repeat and delete it.
import { measure } from './calipers.js';

const button = (text, act) => {
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = text;
  made.addEventListener('click', act);
  return made;
};

export class CaliperList {
  #list;
  #chart;
  #rows = new Map();

  constructor(list, chart) {
    this.#list = list;
    this.#chart = chart;
    chart.calipers.addEventListener('change', () => this.#show());
  }

  #show() {
    const { calipers } = this.#chart;
    for (const caliper of [...this.#rows.keys()].filter((one) => !calipers.list.includes(one))) {
      const row = this.#rows.get(caliper);
      const hadFocus = row.item.contains(document.activeElement);
      row.item.remove();
      this.#rows.delete(caliper);
      if (hadFocus) ([...this.#rows.values()].at(-1)?.choose ?? this.#chart.canvas).focus();
    }
    calipers.list.forEach((caliper, index) => {
      if (!this.#rows.has(caliper)) this.#rows.set(caliper, this.#row(caliper));
      const { choose, repeat, remove } = this.#rows.get(caliper);
      choose.textContent = `${index + 1}: ${caliper.name}, ${measure(caliper.from, caliper.to, this.#chart.content.signal.unit)}`;
      choose.setAttribute('aria-pressed', String(caliper === calipers.chosen));
      repeat.setAttribute('aria-pressed', String(caliper.isRepeated));
      repeat.setAttribute('aria-label', `Repeat caliper ${index + 1} along the trace`);
      remove.setAttribute('aria-label', `Delete caliper ${index + 1}`);
    });
    this.#list.hidden = calipers.list.length === 0;
  }

  #row(caliper) {
    const chart = this.#chart;
    const choose = button('', () => {
      chart.chooseCaliper(chart.calipers.chosen === caliper ? null : caliper);
      chart.canvas.focus();
    });
    const repeat = button('Repeat', () => chart.calipers.repeat(caliper));
    const remove = button('Delete', () => chart.calipers.remove(caliper));
    const item = document.createElement('li');
    item.append(choose, repeat, remove);
    this.#list.append(item);
    return { item, choose, repeat, remove };
  }
}
