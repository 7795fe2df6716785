// A recording with its choices, chart and verdict. The page has one, or two to compare.
import { EcgChart } from './chart.js';
import { limitOf } from './colors.js';
import { attach } from './gestures.js';
import { clearVerdict, showLegend, showVerdict } from './verdict.js';

export class Pane extends EventTarget {
  /** The explanation on show; null while there is none. */
  explanation = null;
  #session;
  #parts;
  #asked = 0;
  #settings;

  constructor(session, name, settings, choice) {
    super();
    this.#session = session;
    this.#settings = settings;
    this.choice = choice;
    this.element = document.getElementById('pane').content.cloneNode(true).firstElementChild;
    this.element.setAttribute('aria-label', name);
    this.#parts = Object.fromEntries([...this.element.querySelectorAll('[data-part]')].map((part) => [part.dataset.part, part]));
    this.chart = new EcgChart(this.#parts.canvas);
    this.chart.set(settings);
    attach(this.chart, { measures: () => this.#settings.calipers });
    this.chart.addEventListener('reading', (event) => { this.#parts.reading.textContent = event.detail; });
    for (const part of ['recording', 'model', 'class', 'explainer', 'signal'])
      this.#parts[part].addEventListener('change', () => this.choose({ [part]: this.#parts[part].value }));
  }

  get recording() { return this.#session.recording(this.choice.recording); }

  set(settings) {
    this.#settings = { ...this.#settings, ...settings };
    this.chart.set(settings);
    if ('trend' in settings) this.#load();
  }

  /** Changes the choice and shows what follows from it. */
  async choose(change) {
    this.choice = { ...this.choice, ...change };
    // Another model has other classes; by default the likeliest one is shown.
    if ('model' in change && !('class' in change)) this.choice.class = '';
    await this.#load();
    this.dispatchEvent(new CustomEvent('choice'));
  }

  /** Lists the recordings and plug-ins that there are now. */
  fill() {
    const { recording, model, class: className, explainer, signal } = this.choice;
    const options = (part, values, chosen) => {
      this.#parts[part].replaceChildren(...values.map(([value, text]) => new Option(text, value, false, value === chosen)));
    };
    const known = this.#session.model(model);
    options('recording', this.#session.recordings.map((r) => [r.id, r.name]), recording);
    options('model', this.#session.models.map((m) => [m.name, m.name]), model);
    options('class', known.manifest.classes.map((c) => [c, c]), className);
    options('explainer', known.explainers.map((e) => [e.name, e.name]), explainer);
    this.#parts.signal.value = signal;
  }

  async #load() {
    const asked = ++this.#asked;
    const isCurrent = () => asked === this.#asked;
    const { recording: id, model, class: className, explainer, signal: kind } = this.choice;
    this.fill();
    this.element.setAttribute('aria-busy', 'true');
    this.#say(null);
    const session = this.#session;
    const waiting = session.explanation(id, { model, class: className, explainer });
    // Its failure is told further below; until then nobody listens.
    waiting.catch(() => {});
    try {
      const needsView = kind === 'prepared' || this.#settings.trend;
      const signal = kind === 'prepared' ? (await session.prepared(id, model)).prepared : await session.signal(id);
      if (!isCurrent()) return;
      // The traces are there before the verdict.
      this.#show({ signal, map: null, trend: null });
      const explanation = await waiting;
      const trend = needsView && kind === 'raw' ? (await session.prepared(id, model)).trend : null;
      if (!isCurrent()) return;
      this.explanation = explanation;
      this.choice.class = explanation.map.class;
      this.fill();
      this.#show({ signal, map: explanation.map, trend });
      this.chart.markFindings(explanation.answer.findings ?? []);
      showVerdict(this.#parts, explanation, this.recording);
      showLegend(this.#parts, explanation.map, limitOf(explanation.map));
    } catch (problem) {
      if (!isCurrent()) return;
      this.explanation = null;
      this.chart.markFindings([]);
      clearVerdict(this.#parts);
      this.#parts.description.textContent = this.recording?.description ?? '';
      this.#say(problem.message);
    } finally {
      if (isCurrent()) this.element.setAttribute('aria-busy', 'false');
    }
  }

  #show(content) {
    // The map that is on show stays until the next one is there, unless the recording is another one.
    const before = this.chart.content;
    this.chart.show(content.map || before?.signal !== content.signal ? content : { ...content, map: before.map, trend: before.trend });
    const { recording } = this;
    this.#parts.canvas.setAttribute('aria-label',
      `${recording.name}: ${content.signal.leads.length} leads, ${content.signal.seconds.toFixed(1)} seconds at ${content.signal.samplingRate} samples a second${content.signal.unit === 'mV' ? '' : ', preprocessed'}. Arrow keys read values.`);
  }

  #say(problem) {
    this.#parts.problem.hidden = problem === null;
    this.#parts.problem.textContent = problem ?? '';
  }
}
