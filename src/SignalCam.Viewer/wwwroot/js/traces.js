// Traces of the leads, with gaps where a sample is no number.

/** Draws the part of a lane that is in view; where several samples share a column of the device's pixels, the least and the largest of them. */
export function drawTrace(context, view, lane, values, { rate, start, gain, speed, ratio }) {
  const pixelsPerSecond = speed * view.zoom;
  const x0 = (lane.x - view.x) * view.zoom;
  const seconds = (pixel) => lane.from + (pixel - x0) / pixelsPerSecond;
  const first = Math.max(0, Math.floor((Math.max(lane.from, seconds(0)) - start) * rate));
  const last = Math.min(values.length - 1, Math.ceil((Math.min(lane.to, seconds(view.width)) - start) * rate));
  const px = (i) => x0 + (start + i / rate - lane.from) * pixelsPerSecond;
  const py = (value) => (lane.zero - value * gain - view.y) * view.zoom;
  const perPixel = rate / (pixelsPerSecond * ratio);

  context.beginPath();
  if (perPixel > 2) drawColumns(context, values, first, last, Math.floor(perPixel), px, py);
  else drawSamples(context, values, first, last, px, py);
  context.stroke();
}

function drawSamples(context, values, first, last, px, py) {
  let isDown = false;
  for (let i = first; i <= last; i++) {
    const value = values[i];
    if (value === null) isDown = false;
    else if (isDown) context.lineTo(px(i), py(value));
    else {
      context.moveTo(px(i), py(value));
      isDown = true;
    }
  }
}

/** Both extremes of a column stand at their own moments, in the order that they come in: a steep slope stays a slope. */
function drawColumns(context, values, first, last, step, px, py) {
  let isDown = false;
  const put = (i) => {
    if (isDown) context.lineTo(px(i), py(values[i]));
    else context.moveTo(px(i), py(values[i]));
    isDown = true;
  };
  for (let i = first - (first % step); i <= last; i += step) {
    let [low, high] = [-1, -1];
    for (let k = i; k < Math.min(i + step, values.length); k++) {
      const value = values[k];
      if (value === null) continue;
      if (low < 0 || value < values[low]) low = k;
      if (high < 0 || value > values[high]) high = k;
    }
    if (low < 0) {
      isDown = false;
      continue;
    }
    put(Math.min(low, high));
    if (low !== high) put(Math.max(low, high));
  }
}

/** Shades the stretches of time in which something was found, in the leads that it was found in. */
export function drawStretches(context, view, sheet, stretches, speed, colors) {
  context.fillStyle = colors.alarm;
  context.globalAlpha = 0.15;
  for (const { leads, start, duration } of stretches)
    for (const lane of sheet.lanes) {
      const [from, to] = [Math.max(start, lane.from), Math.min(start + duration, lane.to)];
      if (from >= to || (leads.length > 0 && !leads.includes(lane.name.toLowerCase()))) continue;
      context.fillRect(
        (lane.x + (from - lane.from) * speed - view.x) * view.zoom, (lane.top - view.y) * view.zoom, (to - from) * speed * view.zoom, (lane.bottom - lane.top) * view.zoom);
    }
  context.globalAlpha = 1;
}

const font = (size, weight = '') => `${weight} ${size}px system-ui, sans-serif`.trim();

/** Names of the leads, those marked in which something was found, what divides them, the pulse that shows how high one unit is, the time axis, and the scale in words. */
export function drawLabels(context, view, sheet, { gain, speed, unit, flagged }, colors) {
  const px = (mm) => (mm - view.x) * view.zoom;
  const py = (mm) => (mm - view.y) * view.zoom;
  drawDividers(context, view, sheet, px, py, colors);
  context.font = font(Math.max(10, Math.min(16, 3.2 * view.zoom)), '600');
  context.textBaseline = 'top';
  context.textAlign = 'left';
  for (const lane of sheet.lanes) {
    // Names at the left edge stay in view however far the sheet is moved.
    const isLeft = lane.from === sheet.start;
    const isFlagged = flagged.has(lane.name.toLowerCase());
    onPaper(context, isFlagged ? `${lane.name} \u26a0` : lane.name, isLeft ? Math.max(4, px(1.5)) : px(lane.x + 1), py(lane.top + 0.8), colors,
      isFlagged ? colors.alarm : colors.text);
  }
  drawPulse(context, sheet.lanes[0], px, py, view.zoom, gain, colors);
  drawAxis(context, view, sheet, { speed }, px, py, colors);
  drawScale(context, view, sheet, `${speed} mm/s, ${gain} mm/${unit}`, `pulse 1 ${unit}`, px, py, colors);
}

/** Text with a rim of paper, so that a trace behind it does not make it illegible. */
function onPaper(context, text, x, y, colors, color = colors.text) {
  context.lineWidth = 3;
  context.lineJoin = 'round';
  context.strokeStyle = colors.paper;
  context.strokeText(text, x, y);
  context.fillStyle = color;
  context.fillText(text, x, y);
}

/** Short strokes above and below the baseline where one lead follows another in time. */
function drawDividers(context, view, sheet, px, py, colors) {
  context.strokeStyle = colors.text;
  context.lineWidth = 1.5;
  context.beginPath();
  for (const lane of sheet.lanes.filter((one) => one.from > sheet.start)) {
    const x = Math.round(px(lane.x)) + 0.5;
    for (const [from, to] of [[lane.top + 0.5, lane.zero - 2], [lane.zero + 2, lane.bottom - 0.5]]) {
      context.moveTo(x, py(from));
      context.lineTo(x, py(to));
    }
  }
  context.stroke();
}

function drawPulse(context, lane, px, py, zoom, gain, colors) {
  const [x, y] = [px(12.5), py(lane.zero)];
  context.strokeStyle = colors.trace;
  context.lineWidth = 1.2;
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + zoom, y);
  context.lineTo(x + zoom, y - gain * zoom);
  context.lineTo(x + 4 * zoom, y - gain * zoom);
  context.lineTo(x + 4 * zoom, y);
  context.lineTo(x + 5 * zoom, y);
  context.stroke();
}

const STEPS = [0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600];
const clock = (seconds) => (seconds < 120 ? `${Number(seconds.toFixed(1))} s` : `${Math.floor(seconds / 60)}:${String(Math.round(seconds % 60)).padStart(2, '0')}`);

/** Seconds below the leads; where the sheet is higher than the view, at its lower edge. */
function drawAxis(context, view, sheet, { speed }, px, py, colors) {
  const step = STEPS.find((one) => one * speed * view.zoom >= 45) ?? STEPS.at(-1);
  const lane = sheet.lanes.at(-1);
  const bottom = Math.min(py(lane.bottom), view.height - 34);
  context.font = font(Math.max(10, Math.min(14, 2.8 * view.zoom)));
  context.textAlign = 'center';
  const x0 = lane.x - (lane.from - sheet.start) * speed;
  for (let second = Math.ceil(sheet.start / step) * step; second <= sheet.end + 1e-6; second += step) {
    const x = px(x0 + (second - sheet.start) * speed);
    if (x < -20 || x > view.width + 20) continue;
    context.strokeStyle = colors.text;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(x, bottom);
    context.lineTo(x, bottom + 4);
    context.stroke();
    // The label of a moment at the edge is not cut.
    const half = context.measureText(clock(second)).width / 2 + 2;
    onPaper(context, clock(second), x < 0 || x > view.width ? x : Math.max(half, Math.min(view.width - half, x)), bottom + 5, colors);
  }
  context.textAlign = 'left';
}

function drawScale(context, view, sheet, scale, pulse, px, py, colors) {
  context.font = font(Math.max(10, Math.min(14, 2.8 * view.zoom)), '600');
  const y = Math.min(py(sheet.lanes.at(-1).bottom) + 20, view.height - 16);
  onPaper(context, `${scale}, ${pulse}`, Math.max(4, px(1.5)), y, colors);
}
