// Calipers: distances between two places of a lead, in milliseconds, a minute and the signal's unit.

const HEIGHT = 17;

/** What lies between two places, in words. */
export function measure(from, to, unit) {
  const seconds = Math.abs(to.time - from.time);
  const rate = seconds > 0 ? ` (${Math.round(60 / seconds)}/min)` : '';
  const height = to.value === null || from.value === null ? 'no value' : `${signed(to.value - from.value)} ${unit}`;
  return `${Math.round(seconds * 1000)} ms${rate}, ${height}`;
}

export const signed = (value, digits = 3) => `${value < 0 ? '\u2212' : '+'}${Math.abs(value).toFixed(digits)}`;

/** The calipers on a recording: each on a lead, from one place to another, in seconds and the signal's unit; one of them may be chosen. */
export class Calipers extends EventTarget {
  list = [];
  chosen = null;
  /** Whether the end of the chosen one follows the cursor. */
  isHeld = false;

  add(lead, name, from) {
    const caliper = { lead, name, from: { ...from }, to: { ...from }, isRepeated: false };
    this.list.push(caliper);
    this.choose(caliper);
    return caliper;
  }

  choose(caliper) {
    this.chosen = caliper;
    this.isHeld = false;
    this.changed();
  }

  /** The one after the chosen one; after the last one none. */
  chooseNext() { this.choose(this.list[this.list.indexOf(this.chosen) + 1] ?? null); }

  /** Repeats the interval along the trace, or no longer. */
  repeat(caliper) {
    caliper.isRepeated = !caliper.isRepeated;
    this.changed();
  }

  remove(caliper) {
    this.list = this.list.filter((one) => one !== caliper);
    if (this.chosen === caliper) [this.chosen, this.isHeld] = [null, false];
    this.changed();
  }

  clear() {
    if (this.list.length === 0) return;
    this.list = [];
    this.choose(null);
  }

  /** Moves one as a whole, as far as the recording reaches. */
  move(caliper, seconds, height, { start, end }) {
    const times = [caliper.from.time, caliper.to.time];
    const by = Math.max(start - Math.min(...times), Math.min(end - Math.max(...times), seconds));
    for (const place of [caliper.from, caliper.to]) {
      place.time += by;
      if (place.value !== null) place.value += height;
    }
    this.changed();
  }

  read(caliper, unit) {
    return `Caliper ${this.list.indexOf(caliper) + 1}, ${caliper.name}: ${measure(caliper.from, caliper.to, unit)}${caliper.isRepeated ? ', repeated' : ''}`;
  }

  changed() { this.dispatchEvent(new CustomEvent('change')); }
}

/** What a caliper covers on the canvas; null where its lead is not shown at that time. */
export function boxOf(caliper, view, sheet, { gain, speed }) {
  const times = [caliper.from.time, caliper.to.time];
  const shows = (lane, time) => lane.lead === caliper.lead && time >= lane.from - 1e-9 && time <= lane.to + 1e-9;
  const lane = times.map((time) => sheet.lanes.find((one) => shows(one, time))).find(Boolean);
  if (!lane) return null;
  const px = (place) => (lane.x + (place.time - lane.from) * speed - view.x) * view.zoom;
  const py = (place) => (lane.zero - (place.value ?? 0) * gain - view.y) * view.zoom;
  const [from, to] = [caliper.from, caliper.to].map((place) => ({ x: px(place), y: py(place) }));
  return { lane, from, to, left: Math.min(from.x, to.x), right: Math.max(from.x, to.x), top: Math.min(from.y, to.y), bottom: Math.max(from.y, to.y) };
}

/** What of a caliper is under a point: one end, the other, or the whole; null for none. The chosen one is in front. */
export function hit(calipers, x, y, reach, boxed) {
  const inFront = [calipers.chosen, ...calipers.list.filter((one) => one !== calipers.chosen).reverse()].filter(Boolean);
  for (const caliper of inFront) {
    const box = boxed(caliper);
    if (!box) continue;
    const near = (at) => Math.hypot(at.x - x, at.y - y);
    const part = near(box.to) <= near(box.from) ? 'to' : 'from';
    if (near(box[part]) <= reach) return { caliper, part };
    if (x >= box.left - 4 && x <= box.right + 4 && y >= box.top - 8 && y <= box.bottom + 8) return { caliper, part: 'whole' };
  }
  return null;
}

/** Draws the boxes between two places, each with what it measures, and the repeats of those that are marched out. */
export function drawCalipers(context, view, calipers, sheet, scale, colors) {
  calipers.list.forEach((caliper, index) => {
    const box = boxOf(caliper, view, sheet, scale);
    if (!box) return;
    if (caliper.isRepeated) drawRepeats(context, view, box, scale.speed, colors);
    const isChosen = caliper === calipers.chosen;
    context.strokeStyle = colors.accent;
    context.lineWidth = isChosen ? 2 : 1.5;
    context.setLineDash([5, 3]);
    context.strokeRect(box.left, box.top, box.right - box.left, box.bottom - box.top);
    context.setLineDash([]);
    if (isChosen) {
      context.fillStyle = colors.accent;
      for (const { x, y } of [box.from, box.to]) context.fillRect(x - 4, y - 4, 8, 8);
    }
    drawLabel(context, view, box, `${index + 1}: ${measure(caliper.from, caliper.to, scale.unit)}`, isChosen, colors);
  });
}

/** A line at each multiple of the interval, as far as the lane reaches. */
function drawRepeats(context, view, { lane, left, right }, speed, colors) {
  const step = right - left;
  // Closer than this, the lines would be a veil.
  if (step < 4) return;
  const begin = (lane.x - view.x) * view.zoom;
  const end = Math.min(view.width, begin + (lane.to - lane.from) * speed * view.zoom);
  const first = left - Math.floor((left - Math.max(begin, 0)) / step) * step;
  context.strokeStyle = colors.accent;
  context.lineWidth = 1;
  context.setLineDash([3, 3]);
  context.beginPath();
  for (let x = first; x <= end + 1e-6; x += step) {
    context.moveTo(x, (lane.top - view.y) * view.zoom);
    context.lineTo(x, (lane.bottom - view.y) * view.zoom);
  }
  context.stroke();
  context.setLineDash([]);
}

function drawLabel(context, view, box, text, isChosen, colors) {
  context.font = '600 12px system-ui, sans-serif';
  const width = context.measureText(text).width + 10;
  const x = Math.max(2, Math.min(view.width - width - 2, box.left));
  // At the lower edge of its lane, where the trace seldom is; a box that reaches down there has it above.
  const edge = (box.lane.bottom - view.y) * view.zoom - HEIGHT - 1;
  const y = box.bottom + 2 <= edge ? edge : Math.max(2, box.top - HEIGHT - 4);
  context.fillStyle = isChosen ? colors.accent : colors.paper;
  context.fillRect(x, y, width, HEIGHT);
  context.strokeStyle = colors.accent;
  context.lineWidth = 1;
  context.strokeRect(x + 0.5, y + 0.5, width - 1, HEIGHT - 1);
  context.fillStyle = isChosen ? colors.paper : colors.accent;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.fillText(text, x + 5, y + HEIGHT / 2);
}
