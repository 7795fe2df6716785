// Traces of the leads, with gaps where a sample is no number.

/** Draws the part of a lane that is in view; where several samples share a pixel column, their least and largest. */
export function drawTrace(context, view, lane, values, { rate, start, gain, speed }) {
  const pixelsPerSecond = speed * view.zoom;
  const x0 = (lane.x - view.x) * view.zoom;
  const seconds = (pixel) => lane.from + (pixel - x0) / pixelsPerSecond;
  const first = Math.max(0, Math.floor((Math.max(lane.from, seconds(0)) - start) * rate));
  const last = Math.min(values.length - 1, Math.ceil((Math.min(lane.to, seconds(view.width)) - start) * rate));
  const px = (i) => x0 + (start + i / rate - lane.from) * pixelsPerSecond;
  const py = (value) => (lane.zero - value * gain - view.y) * view.zoom;
  const perPixel = rate / pixelsPerSecond;

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

function drawColumns(context, values, first, last, step, px, py) {
  let isDown = false;
  for (let i = first - (first % step); i <= last; i += step) {
    let [low, high] = [Infinity, -Infinity];
    for (let k = i; k < Math.min(i + step, values.length); k++) {
      const value = values[k];
      if (value === null) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (low > high) {
      isDown = false;
      continue;
    }
    if (isDown) context.lineTo(px(i), py(high));
    else context.moveTo(px(i), py(high));
    context.lineTo(px(i), py(low));
    isDown = true;
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

/** Names of the leads, those marked in which something was found, and the pulse that shows how high one unit is. */
export function drawLabels(context, view, sheet, { gain, unit, flagged }, colors) {
  context.font = `600 ${Math.max(10, Math.min(16, 3.2 * view.zoom))}px system-ui, sans-serif`;
  context.textBaseline = 'top';
  context.fillStyle = colors.text;
  context.strokeStyle = colors.trace;
  context.lineWidth = 1.2;
  for (const lane of sheet.lanes) {
    // Names at the left edge stay in view however far the sheet is moved.
    const isLeft = lane.from === sheet.lanes[0].from;
    const x = isLeft ? Math.max(4, (1.5 - view.x) * view.zoom) : (lane.x + 1 - view.x) * view.zoom;
    const isFlagged = flagged.has(lane.name.toLowerCase());
    context.fillStyle = isFlagged ? colors.alarm : colors.text;
    context.fillText(isFlagged ? `${lane.name} \u26a0` : lane.name, x, (lane.top + 0.8 - view.y) * view.zoom);
  }
  context.fillStyle = colors.text;
  const pulse = sheet.lanes[0];
  const [x, y, z] = [(8 - view.x) * view.zoom, (pulse.zero - view.y) * view.zoom, view.zoom];
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + z, y);
  context.lineTo(x + z, y - gain * z);
  context.lineTo(x + 4 * z, y - gain * z);
  context.lineTo(x + 4 * z, y);
  context.lineTo(x + 5 * z, y);
  context.stroke();
  context.font = `${Math.max(9, 2.4 * z)}px system-ui, sans-serif`;
  context.fillText(`1 ${unit}`, x, y + 0.6 * z);
}
