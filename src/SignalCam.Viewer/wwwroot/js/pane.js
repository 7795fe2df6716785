// A recording with its choices, chart and verdict. The page has one, or two to compare.
import { EcgChart } from './chart.js';
import { limitOf, themeColors } from './colors.js';
import { showBeat } from './beat.js';
import { CaliperList } from './caliperlist.js';
import { attach } from './gestures.js';
import { Overview } from './overview.js';
import { clearVerdict, showLegend, showMeasurements, showVerdict } from './verdict.js';

const GONE = 'The server no longer has this recording: recordings are kept in memory for a time only. Open its file again.';
const HINT = 'Click a trace, or use the arrow keys on the chart, to read values.';

export class Pane extends EventTarget {
  /** The explanation on show; null while there is none. */
  explanation = null;
  #session;
  #parts;
  #asked = 0;
  #shown = null;
  #settings;

  constructor(session, name, settings, choice) {
    super();
    this.#session = session;
    this.#settings = settings;
    this.choice = choice;
    this.element = document.getElementById('pane').content.cloneNode(true).firstElementChild;
    this.element.setAttribute('aria-label', name);
    this.element.querySelector('details.choice-box').open = matchMedia('(min-width: 700px)').matches;
    this.#parts = Object.fromEntries([...this.element.querySelectorAll('[data-part]')].map((part) => [part.dataset.part, part]));
    this.chart = new EcgChart(this.#parts.canvas);
    this.set(settings);
    this.overview = new Overview(this.#parts.overview, this.chart);
    new CaliperList(this.#parts.calipers, this.chart);
    attach(this.chart, { measures: () => this.#settings.calipers });
    this.chart.addEventListener('reading', (event) => { this.#parts.reading.textContent = event.detail; });
    for (const part of ['recording', 'model', 'class', 'explainer', 'signal'])
      this.#parts[part].addEventListener('change', () => this.choose({ [part]: this.#parts[part].value }));
  }

  /** What was measured in the recording on show; null while it is not known. */
  measurements = null;

  #showBeat() {
    showBeat(this.#parts, this.measurements?.medianBeat ?? null, this.explanation?.map ?? null, this.chart.limit ?? this.limit, this.#settings, themeColors());
  }

  /** The theme has changed. */
  recolor() {
    this.chart.recolor();
    this.overview.repaint();
    this.#showBeat();
  }

  /** Which traces the choice asks for. */
  get #traces() { return `${this.choice.recording} ${this.choice.signal} ${this.choice.signal === 'prepared' ? this.choice.model : ''}`; }

  get label() { return this.#session.label(this.recording); }

  get settings() { return this.#settings; }

  get recording() { return this.#session.recording(this.choice.recording); }

  set(settings) {
    this.#settings = { ...this.#settings, ...settings };
    this.chart.set(settings);
    this.#parts.canvas.classList.toggle('measures', this.#settings.calipers);
    this.#showBeat();
    // Places that were read are those of the sheet that was there.
    if (['layout', 'gain', 'speed'].some((name) => name in settings)) this.#parts.reading.textContent = HINT;
    if ('trend' in settings && this.#asked > 0) this.#load();
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
    const recordings = this.#session.recordings.map((r) => [r.id, this.#session.label(r)]);
    options('recording', this.recording ? recordings : [[recording, this.label], ...recordings], recording);
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
    this.#forget();
    this.#say(null);
    const session = this.#session;
    const waiting = session.explanation(id, { model, class: className, explainer });
    // Its failure is told further below; until then nobody listens.
    waiting.catch(() => {});
    try {
      const needsView = kind === 'prepared' || this.#settings.trend;
      const signal = kind === 'prepared' ? (await session.prepared(id, model)).prepared : await session.signal(id);
      if (!isCurrent()) return;
      session.measurements(id).then((found) => {
        if (!isCurrent()) return;
        this.measurements = found;
        showMeasurements(this.#parts, found);
        this.#showBeat();
      }, () => {});
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
      this.shareLimit(null);
      this.dispatchEvent(new CustomEvent('shown'));
    } catch (problem) {
      if (!isCurrent()) return;
      this.#parts.description.textContent = this.recording?.description ?? '';
      this.#say(problem.kind === 'no-such-recording' ? GONE : problem.message);
    } finally {
      if (isCurrent()) this.element.setAttribute('aria-busy', 'false');
    }
  }

  /** The map's own limit; null while there is none. */
  get limit() { return this.explanation ? limitOf(this.explanation.map) : null; }

  /** Colours the map by a scale that is shared with what it is compared to; null for its own. */
  shareLimit(limit) {
    if (!this.explanation) return;
    this.chart.shareLimit(limit);
    this.overview.repaint();
    showLegend(this.#parts, this.explanation.map, limit ?? this.limit);
    this.#showBeat();
  }

  /** What is read and said belongs to what is on show, and goes with it: nothing of one recording stands beside another's trace. */
  #forget() {
    [this.explanation, this.measurements] = [null, null];
    this.chart.limit = null;
    this.chart.clear();
    // What is measured in a trace stays as long as the trace.
    if (this.#shown !== this.#traces) this.chart.calipers.clear();
    this.#showBeat();
    this.chart.markFindings([]);
    if (this.chart.content) {
      const bare = { ...this.chart.content, map: null, trend: null };
      this.chart.show(bare);
      this.overview.show(bare, null);
    }
    // Another recording's name stands above the chart already: its predecessor's traces are not shown below it.
    this.element.classList.toggle('is-waiting', this.#shown !== this.#traces);
    clearVerdict(this.#parts);
    this.#parts.reading.textContent = HINT;
  }

  #show(content) {
    this.#shown = this.#traces;
    this.element.classList.remove('is-waiting');
    this.chart.show(content);
    this.overview.show(content, content.map ? this.explanation.answer : null, content.map?.class);
    const { recording } = this;
    this.#parts.canvas.setAttribute('aria-label',
      `${this.#session.label(recording)}: ${content.signal.leads.length} leads, ${content.signal.seconds.toFixed(1)} seconds at ${content.signal.samplingRate} samples a second${content.signal.unit === 'mV' ? '' : ', preprocessed'}. Arrow keys read values.`);
  }

  #say(problem) {
    this.#parts.problem.hidden = problem === null;
    this.#parts.problem.textContent = problem ?? '';
  }
}
