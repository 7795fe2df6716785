// What the page has opened, and what it has asked the server for already.
import * as api from './api.js';

const MOST_KEPT = 64;

/** Remembers answers by key, the latest of them. */
class Answers {
  #kept = new Map();

  get(key, ask) {
    const known = this.#kept.get(key) ?? ask();
    this.#kept.delete(key);
    this.#kept.set(key, known);
    // A question that failed may be asked again.
    known.catch(() => this.#kept.delete(key));
    if (this.#kept.size > MOST_KEPT) this.#kept.delete(this.#kept.keys().next().value);
    return known;
  }
}

const withSeconds = (signal) => ({ ...signal, seconds: signal.leads[0].values.length / signal.samplingRate });

export class Session {
  recordings = [];
  models = [];
  #answers = new Answers();

  async start() {
    [this.recordings, this.models] = await Promise.all([api.examples(), api.models()]);
  }

  get defaultModel() { return this.models.find((model) => model.isDefault) ?? this.models[0]; }

  model(name) { return this.models.find((model) => model.name === name); }

  recording(id) { return this.recordings.find((recording) => recording.id === id); }

  /** New recordings come first. */
  add(recordings) { this.recordings = [...recordings, ...this.recordings]; }

  /** What a recording is called in a list: those of one name are numbered in the order that they were opened in. */
  label(recording) {
    const same = this.recordings.filter((other) => other.name === recording.name).reverse();
    return same.length < 2 ? recording.name : `${recording.name} (${same.indexOf(recording) + 1} of ${same.length})`;
  }

  measurements(id) { return this.#answers.get(`measurements ${id}`, () => api.measurements(id)); }

  signal(id) { return this.#answers.get(`signal ${id}`, async () => withSeconds(await api.signal(id))); }

  prepared(id, model) {
    return this.#answers.get(`prepared ${id} ${model}`, async () => {
      const answer = await api.prepared(id, model);
      return { ...answer, prepared: withSeconds(answer.prepared) };
    });
  }

  explanation(id, choice) {
    return this.#answers.get(`explanation ${id} ${JSON.stringify(choice)}`, () => api.explanation(id, choice));
  }
}
