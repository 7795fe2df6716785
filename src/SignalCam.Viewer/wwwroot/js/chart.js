// One recording on paper: draws the layers, and knows what is in view and what is under the cursor.
import { boxOf, Calipers, drawCalipers, hit } from './calipers.js';
import { themeColors } from './colors.js';
import { drawCursor, placeOf, read } from './cursor.js';
import { drawHeat, paintHeat } from './heat.js';
import { drawPaper } from './paper.js';
import { arrange, laneAt, LEFT } from './sheet.js';
import { drawLabels, drawStretches, drawTrace } from './traces.js';

const CLOSEST = 40;
// Smaller, and the leads cannot be told apart: on a narrow screen the sheet is moved instead.
const SMALLEST = 2.2;

export class EcgChart extends EventTarget {
  settings = { layout: '12x1', gain: 10, speed: 25, heat: true, trend: false };
  view = { x: 0, y: 0, zoom: 3, width: 0, height: 0 };
  cursor = null;
  calipers = new Calipers();
  #canvas;
  #content = null;
  #marks = { leads: new Set(), stretches: [] };
  #sheet = null;
  #heat = null;
  #colors = themeColors();
  #isWaiting = false;

  constructor(canvas) {
    super();
    this.#canvas = canvas;
    this.calipers.addEventListener('change', () => this.redraw());
    new ResizeObserver(() => this.#resize()).observe(canvas.parentElement);
  }

  get content() { return this.#content; }

  get canvas() { return this.#canvas; }

  /** The largest value of the map's scale: that of all charts that are compared, where one is set. */
  limit = null;

  /** Shows a recording. @param content {signal, map, trend}: signal.leads[].values with null for gaps; map and trend may be null */
  show(content) {
    const isOther = this.#content?.signal !== content.signal;
    this.#content = content;
    this.#heat = content.map ? paintHeat(content.map, this.#colors, this.limit) : null;
    if (isOther) {
      this.cursor = null;
      this.calipers.clear();
      this.#arrange();
    }
    this.redraw();
  }

  set(settings) {
    Object.assign(this.settings, settings);
    if (this.#content && ['layout', 'gain', 'speed'].some((name) => name in settings)) this.#arrange();
    this.redraw();
  }

  /** Marks the leads and stretches of an answer's findings that are more than an aside. */
  markFindings(findings) {
    const serious = findings.filter((finding) => finding.severity !== 'info');
    const names = (finding) => (finding.leads ?? []).map((lead) => lead.toLowerCase());
    this.#marks = {
      leads: new Set(serious.flatMap(names)),
      stretches: serious.filter((finding) => finding.stretch).map((finding) => ({ leads: names(finding), ...finding.stretch })),
    };
    this.redraw();
  }

  /** The theme has changed. */
  recolor() {
    this.#colors = themeColors();
    if (this.#heat) this.#heat = paintHeat(this.#content.map, this.#colors, this.limit);
    this.redraw();
  }

  /** Paints the map by a scale that is shared with other charts. */
  shareLimit(limit) {
    this.limit = limit;
    this.recolor();
  }

  fit() {
    if (!this.#sheet) return;
    const { view } = this;
    view.zoom = Math.max(SMALLEST, Math.min(view.width / this.#sheet.width, view.height / this.#sheet.height));
    [view.x, view.y] = [0, 0];
    this.#moved();
  }

  /** Zooms about a place of the canvas, by default its middle. */
  zoomBy(factor, x = this.view.width / 2, y = this.view.height / 2) {
    if (!this.#sheet) return;
    const { view } = this;
    const zoom = Math.max(SMALLEST / 2, Math.min(CLOSEST, view.zoom * factor));
    view.x += x / view.zoom - x / zoom;
    view.y += y / view.zoom - y / zoom;
    view.zoom = zoom;
    this.#moved();
  }

  /** Moves the sheet by pixels. */
  panBy(dx, dy) {
    this.view.x -= dx / this.view.zoom;
    this.view.y -= dy / this.view.zoom;
    this.#moved();
  }

  /** Seconds of the recording that are in view, by the lane that is as long as the recording. */
  inView() {
    const { view, settings } = this;
    const lane = this.#sheet.lanes.at(-1);
    const x0 = lane.x - (lane.from - this.#sheet.start) * settings.speed;
    const at = (mm) => this.#sheet.start + (mm - x0) / settings.speed;
    return { from: Math.max(this.#sheet.start, at(view.x)), to: Math.min(this.#sheet.end, at(view.x + view.width / view.zoom)) };
  }

  /** What is in view of a sheet that was zoomed or moved; null where all of its width is. */
  get window() {
    if (!this.#sheet) return null;
    const { view, settings } = this;
    if (view.x === 0 && view.y === 0 && view.width / view.zoom >= this.#sheet.width - 0.5) return null;
    // From the sheet's edge on, not from the first sample: what stands at the left edge is in view, too.
    const at = (mm) => this.#sheet.start + (mm - LEFT) / settings.speed;
    return { from: at(view.x), to: at(view.x + view.width / view.zoom), top: view.y };
  }

  set window({ from, to, top }) {
    const { view, settings } = this;
    view.zoom = Math.max(SMALLEST / 2, Math.min(CLOSEST, view.width / ((to - from) * settings.speed)));
    view.x = LEFT + (from - this.#sheet.start) * settings.speed;
    view.y = top;
    this.#moved();
  }

  /** Moves the sheet so that a moment is in its middle. */
  centre(second) {
    const { from, to } = this.inView();
    this.panBy(-(second - (from + to) / 2) * this.settings.speed * this.view.zoom, 0);
  }

  /** Takes over what another chart has in view. */
  follow({ x, y, zoom }) {
    Object.assign(this.view, { x, y, zoom });
    this.#clamp();
    this.redraw();
  }

  /** The place under a point of the canvas: lane, time and value on the lane's scale. */
  placeAt(x, y, lane) {
    const { view, settings } = this;
    const [mx, my] = [view.x + x / view.zoom, view.y + y / view.zoom];
    const on = lane ?? laneAt(this.#sheet, mx, my);
    const time = Math.max(on.from, Math.min(on.to, on.from + (mx - on.x) / settings.speed));
    return { lane: on, time, value: (on.zero - my) / settings.gain };
  }

  /** What of a caliper is under a point, to be dragged; a new one where there is none. */
  takeCaliper(x, y, reach) {
    const found = hit(this.calipers, x, y, reach, (caliper) => boxOf(caliper, this.view, this.#sheet, this.settings));
    if (found) {
      this.chooseCaliper(found.caliper);
      return { ...found, isNew: false };
    }
    const { lane, time, value } = this.placeAt(x, y);
    return { caliper: this.calipers.add(lane.lead, lane.name, { time, value }), part: 'to', isNew: true };
  }

  /** Drags what was taken of a caliper from one point to another. */
  dragCaliper({ caliper, part }, before, now) {
    const lane = boxOf(caliper, this.view, this.#sheet, this.settings)?.lane;
    if (!lane) return;
    const [from, to] = [this.placeAt(before.x, before.y, lane), this.placeAt(now.x, now.y, lane)];
    if (part === 'whole') this.calipers.move(caliper, to.time - from.time, to.value - from.value, this.#sheet);
    else Object.assign(caliper[part], { time: to.time, value: to.value });
    this.calipers.changed();
    this.#tell(this.calipers.read(caliper, this.#content.signal.unit));
  }

  chooseCaliper(caliper) {
    this.calipers.choose(caliper);
    if (caliper) this.#tell(this.calipers.read(caliper, this.#content.signal.unit));
  }

  /** Sets a caliper's end down, takes up that of the chosen one, or begins one at the cursor: until it is set down, its end follows the cursor. */
  markCaliper() {
    const { calipers } = this;
    const { signal } = this.#content;
    if (calipers.isHeld) return calipers.choose(null);
    if (calipers.chosen) {
      const { lead, to } = calipers.chosen;
      calipers.isHeld = true;
      return this.#moveCursor({ lead, index: Math.round((to.time - signal.start) * signal.samplingRate) });
    }
    if (!this.cursor) return;
    calipers.add(this.cursor.lead, signal.leads[this.cursor.lead].name, placeOf(signal, this.cursor));
    calipers.isHeld = true;
    this.#moveCursor(this.cursor);
  }

  /** Moves the chosen caliper by samples. */
  stepCaliper(samples) {
    const { chosen } = this.calipers;
    this.calipers.move(chosen, samples / this.#content.signal.samplingRate, 0, this.#sheet);
    this.#reveal(this.#laneOf(chosen.lead, chosen.to.time), chosen.to.time);
    this.#tell(this.calipers.read(chosen, this.#content.signal.unit));
  }

  /** Puts the cursor on the sample nearest to a moment of a lane. */
  putCursor(lane, time) {
    const { signal } = this.#content;
    this.#moveCursor({ lead: lane.lead, index: Math.round((time - signal.start) * signal.samplingRate) });
  }

  /** Moves the cursor by samples, or by leads in the order of the sheet. */
  stepCursor(samples, leads) {
    const order = [...new Set(this.#sheet.lanes.map((lane) => lane.lead))];
    const cursor = this.cursor ?? { lead: order[0], index: Math.round(this.#content.signal.samplingRate * 0.1) };
    const at = order.indexOf(cursor.lead) + leads;
    this.#moveCursor({ lead: order[Math.max(0, Math.min(order.length - 1, at))], index: cursor.index + samples });
  }

  /** Takes the cursor away. */
  clear() {
    this.cursor = null;
    this.redraw();
  }

  redraw() {
    if (this.#isWaiting || !this.#sheet) return;
    this.#isWaiting = true;
    requestAnimationFrame(() => {
      this.#isWaiting = false;
      this.draw(this.#canvas.getContext('2d'), this.view, devicePixelRatio);
    });
  }

  /** Draws what a view shows, in pixels of the given ratio. */
  draw(context, view, ratio) {
    const { signal, trend } = this.#content;
    const { gain, speed } = this.settings;
    const colors = this.#colors;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const heat = this.settings.heat ? this.#heat : null;
    drawPaper(context, view, colors, heat !== null);
    if (heat) drawHeat(context, view, this.#sheet, heat, speed);
    drawStretches(context, view, this.#sheet, this.#marks.stretches, speed, colors);
    const lanes = this.#sheet.lanes.filter((lane) => this.#isInView(lane, view));
    context.lineJoin = 'round';
    context.strokeStyle = colors.trace;
    context.lineWidth = Math.max(1, Math.min(2.2, 0.3 * view.zoom));
    for (const lane of lanes) drawTrace(context, view, lane, signal.leads[lane.lead].values, { rate: signal.samplingRate, start: signal.start, gain, speed, ratio });
    if (trend && this.settings.trend) this.#drawTrend(context, view, lanes, trend, ratio);
    drawLabels(context, view, this.#sheet, { gain, speed, unit: signal.unit, flagged: this.#marks.leads }, colors);
    this.#drawReading(context, view);
  }

  #drawTrend(context, view, lanes, trend, ratio) {
    context.strokeStyle = this.#colors.trend;
    context.lineWidth = 2;
    for (const lane of lanes) {
      const lead = trend.leads.find((l) => l.name.toLowerCase() === lane.name.toLowerCase());
      if (lead) drawTrace(context, view, lane, lead.values, { rate: trend.samplingRate, start: trend.start, gain: this.settings.gain, speed: this.settings.speed, ratio });
    }
  }

  #drawReading(context, view) {
    const { signal } = this.#content;
    const scale = { gain: this.settings.gain, speed: this.settings.speed, unit: signal.unit };
    drawCalipers(context, view, this.calipers, this.#sheet, scale, this.#colors);
    if (!this.cursor) return;
    const place = placeOf(signal, this.cursor);
    drawCursor(context, view, this.#laneOf(this.cursor.lead, place.time), place, scale, this.#colors);
  }

  #moveCursor({ lead, index }) {
    const { signal } = this.#content;
    this.cursor = { lead, index: Math.max(0, Math.min(signal.leads[lead].values.length - 1, index)) };
    const { calipers } = this;
    if (calipers.isHeld && calipers.chosen.lead !== lead) calipers.choose(null);
    if (calipers.isHeld) {
      calipers.chosen.to = placeOf(signal, this.cursor);
      calipers.changed();
    }
    const time = signal.start + this.cursor.index / signal.samplingRate;
    this.#reveal(this.#laneOf(lead, time), time);
    this.redraw();
    const held = calipers.isHeld ? `; ${calipers.read(calipers.chosen, signal.unit)}` : '';
    this.#tell(read(this.#content, this.cursor) + held);
  }

  #tell(reading) { this.dispatchEvent(new CustomEvent('reading', { detail: reading })); }

  /** A lane of the lead that shows this moment; in 3x4 the lead's own stretch may not. */
  #laneOf(lead, time) {
    const lanes = this.#sheet.lanes.filter((lane) => lane.lead === lead);
    return lanes.find((lane) => time >= lane.from && time < lane.to) ?? lanes.find((lane) => time <= lane.to) ?? lanes[0];
  }

  /** Moves the sheet only as far as it takes to have a moment in view. */
  #reveal(lane, time) {
    const { view, settings } = this;
    const [x, margin] = [(lane.x + (time - lane.from) * settings.speed - view.x) * view.zoom, 30];
    const [top, bottom] = [(lane.top - view.y) * view.zoom, (lane.bottom - view.y) * view.zoom];
    const dx = x < margin ? margin - x : x > view.width - margin ? view.width - margin - x : 0;
    const dy = top < 0 ? -top : bottom > view.height ? view.height - bottom : 0;
    if (dx || dy) this.panBy(dx, dy);
  }

  #arrange() {
    this.#sheet = arrange(this.#content.signal, this.settings);
    this.#resize(true);
  }

  /** As wide as there is room, and as high as the whole sheet where the window has that. */
  #resize(always = false) {
    const width = this.#canvas.parentElement.clientWidth;
    if (!this.#sheet || width === 0 || (!always && width === this.view.width)) return;
    const whole = this.#sheet.height * Math.max(SMALLEST, width / this.#sheet.width);
    const height = Math.round(Math.max(240, Math.min(whole, 0.8 * innerHeight)));
    Object.assign(this.view, { width, height });
    this.#canvas.style.height = `${height}px`;
    this.#canvas.width = Math.round(width * devicePixelRatio);
    this.#canvas.height = Math.round(height * devicePixelRatio);
    this.fit();
  }

  #isInView(lane, view) {
    // Traces may leave their lane by as much as its height.
    const margin = lane.bottom - lane.top;
    return lane.bottom + margin > view.y && lane.top - margin < view.y + view.height / view.zoom && lane.x + lane.width > view.x && lane.x < view.x + view.width / view.zoom;
  }

  #clamp() {
    const { view } = this;
    const room = (size, sheet) => Math.max(0, sheet - size / view.zoom);
    view.x = Math.max(0, Math.min(room(view.width, this.#sheet.width), view.x));
    view.y = Math.max(0, Math.min(room(view.height, this.#sheet.height), view.y));
  }

  #moved() {
    this.#clamp();
    this.redraw();
    this.dispatchEvent(new CustomEvent('view', { detail: this.view }));
  }
}
