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
  about = null;
  #answers = new Answers();

  async start() {
    [this.recordings, this.models, this.about] = await Promise.all([api.examples(), api.models(), api.about()]);
  }

  get defaultModel() { return this.models.find((model) => model.isDefault) ?? this.models[0]; }

  model(name) { return this.models.find((model) => model.name === name); }

  recording(id) { return this.recordings.find((recording) => recording.id === id); }

  /** Lists a recording that somebody else may have opened; false where the server does not have it any more. */
  async find(id) {
    if (this.recording(id)) return true;
    try {
      this.recordings.push(await api.recordingOf(id));
      return true;
    } catch (problem) {
      if (problem.kind === 'no-such-recording') return false;
      throw problem;
    }
  }

  /** New recordings come first. */
  add(recordings) { this.recordings = [...recordings, ...this.recordings]; }

  /** What a recording is called in a list: those of one name are numbered in the order that they were opened in. */
  label(recording) {
    if (!recording) return 'No longer on the server';
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
