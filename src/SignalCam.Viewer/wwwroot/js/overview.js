// The whole of a long recording in one bar: its rhythm lead, where the evidence lies, what each window was answered, what the verdict
// covers, and what is in view. A click, a drag or the arrow keys move the sheet there.
import { themeColors } from './colors.js';
import { paintHeat } from './heat.js';

const SHORTEST = 15;
const HEIGHT = 64;
const TRACE = 36;
const WINDOWS = 18;

export class Overview {
  #canvas;
  #chart;
  #content = null;
  #answer = null;
  #columns = null;
  // All but the frame of what is in view: painted anew only when what it shows has changed.
  #still = null;
  #isWaiting = false;

  constructor(canvas, chart) {
    this.#canvas = canvas;
    this.#chart = chart;
    chart.addEventListener('view', () => this.#redraw());
    new ResizeObserver(() => { this.#columns = null; this.repaint(); }).observe(canvas.parentElement);
    const jump = (event) => {
      if (event.buttons !== 1 && event.type !== 'click') return;
      chart.centre(this.#start + (event.offsetX / canvas.clientWidth) * this.#seconds);
    };
    canvas.addEventListener('click', jump);
    canvas.addEventListener('pointermove', jump);
    canvas.addEventListener('keydown', (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step) return;
      chart.panBy(-step * chart.view.width * 0.5, 0);
      event.preventDefault();
    });
  }

  get #start() { return this.#content.signal.start; }

  get #seconds() { return this.#content.signal.seconds; }

  /** Shows a recording and its answer; short ones need no overview. */
  show(content, answer, className) {
    if (content.signal !== this.#content?.signal) this.#columns = null;
    this.#content = content;
    this.#answer = answer ? { ...answer, className } : null;
    this.#canvas.hidden = content.signal.seconds < SHORTEST;
    this.repaint();
  }

  /** Paints all of it anew: content, colours or width have changed. */
  repaint() {
    this.#still = null;
    this.#redraw();
  }

  #redraw() {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    requestAnimationFrame(() => {
      this.#isWaiting = false;
      this.#draw();
    });
  }

  #draw() {
    const canvas = this.#canvas;
    if (!this.#content || canvas.hidden) return;
    const width = canvas.parentElement.clientWidth;
    if (width === 0) return;
    const colors = themeColors();
    this.#still ??= this.#paint(width, colors);
    if (canvas.width !== this.#still.width || canvas.height !== this.#still.height) {
      canvas.style.height = `${HEIGHT}px`;
      [canvas.width, canvas.height] = [this.#still.width, this.#still.height];
    }
    const context = canvas.getContext('2d');
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(this.#still, 0, 0);
    context.scale(devicePixelRatio, devicePixelRatio);
    this.#drawView(context, width, colors);
  }

  #paint(width, colors) {
    const still = new OffscreenCanvas(Math.round(width * devicePixelRatio), Math.round(HEIGHT * devicePixelRatio));
    const context = still.getContext('2d');
    context.scale(devicePixelRatio, devicePixelRatio);
    context.fillStyle = colors.paper;
    context.fillRect(0, 0, width, HEIGHT);
    this.#drawEvidence(context, width, colors);
    this.#drawTrace(context, width, colors);
    this.#drawWindows(context, width, colors);
    return still;
  }

  #px(second, width) { return ((second - this.#start) / this.#seconds) * width; }

  #drawEvidence(context, width, colors) {
    const { map } = this.#content;
    if (!map) return;
    const heat = paintHeat(map, colors, this.#chart.limit);
    const lead = this.#rhythm();
    const line = map.leads ? heat.of(lead.name) : heat.strip;
    if (!line) return;
    context.imageSmoothingEnabled = true;
    const from = this.#px(map.start, width);
    context.drawImage(line, 0, 0, line.width, 1, from, 0, this.#px(map.start + map.strip.length / map.samplingRate, width) - from, TRACE);
  }

  #rhythm() {
    const { leads } = this.#content.signal;
    return leads.find((lead) => lead.name.toLowerCase() === 'ii') ?? leads[0];
  }

  #drawTrace(context, width, colors) {
    this.#columns ??= extremes(this.#rhythm().values, Math.max(1, Math.floor(width)));
    const largest = Math.max(0.5, ...this.#columns.flatMap(([low, high]) => [Math.abs(low), Math.abs(high)]).filter(Number.isFinite));
    const y = (value) => TRACE * 0.5 - (value / largest) * TRACE * 0.48;
    context.strokeStyle = colors.trace;
    context.lineWidth = 1;
    context.beginPath();
    this.#columns.forEach(([low, high], x) => {
      if (low > high) return;
      context.moveTo(x + 0.5, y(high) - 0.5);
      context.lineTo(x + 0.5, y(low) + 0.5);
    });
    context.stroke();
  }

  #drawWindows(context, width, colors) {
    if (!this.#answer) return;
    const { windows, stretch, className, scores } = this.#answer;
    const top = TRACE + 4;
    if (windows?.length > 1) {
      const { threshold } = scores.find((score) => score.class === className);
      for (const { stretch: { start, duration }, scores: own } of windows) {
        const { probability } = own.find((score) => score.class === className);
        context.fillStyle = probability > threshold ? `rgb(${colors.for.join(' ')})` : `rgb(${colors.against.join(' ')})`;
        const x = this.#px(start, width);
        context.fillRect(x, top + WINDOWS * (1 - probability), this.#px(start + duration, width) - x, WINDOWS * probability);
      }
      return;
    }
    // What the verdict covers.
    const [from, to] = [this.#px(stretch.start, width), this.#px(stretch.start + stretch.duration, width)];
    context.fillStyle = colors.accent;
    context.fillRect(from, top, Math.max(2, to - from), 5);
    context.font = '12px system-ui, sans-serif';
    context.textBaseline = 'top';
    const text = `the answer covers ${stretch.start.toFixed(1)} to ${(stretch.start + stretch.duration).toFixed(1)} s`;
    context.fillText(text, Math.max(2, Math.min(width - context.measureText(text).width - 2, from)), top + 7);
  }

  #drawView(context, width, colors) {
    const { from, to } = this.#chart.inView();
    const [left, right] = [this.#px(from, width), this.#px(to, width)];
    context.strokeStyle = colors.accent;
    context.lineWidth = 2;
    context.strokeRect(Math.max(1, left), 1, Math.max(3, Math.min(width - 1, right) - Math.max(1, left)), TRACE - 1);
  }
}

/** The least and largest value of each of so many columns. */
function extremes(values, columns) {
  return Array.from({ length: columns }, (_, column) => {
    let [low, high] = [Infinity, -Infinity];
    const end = Math.max(Math.floor((column / columns) * values.length) + 1, Math.floor(((column + 1) / columns) * values.length));
    for (let i = Math.floor((column / columns) * values.length); i < end && i < values.length; i++) {
      const value = values[i];
      if (value === null) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    return [low, high];
  });
}
