// Calipers: the distance between two places of a lead, in milliseconds and in the signal's unit.

/** What lies between two places, in words. */
export function measure(from, to, unit) {
  const seconds = Math.abs(to.time - from.time);
  const rate = seconds > 0 ? ` (${Math.round(60 / seconds)} a minute)` : '';
  const height = to.value === null || from.value === null ? 'no value' : `${signed(to.value - from.value)} ${unit}`;
  return `${Math.round(seconds * 1000)} ms${seconds >= 0.2 && seconds <= 3 ? rate : ''}, ${height}`;
}

export const signed = (value, digits = 3) => `${value < 0 ? '\u2212' : '+'}${Math.abs(value).toFixed(digits)}`;

/** Draws the box between two places, with what it measures. */
export function drawCalipers(context, view, { from, to, lane }, { gain, speed, unit }, colors) {
  const px = (place) => (lane.x + (place.time - lane.from) * speed - view.x) * view.zoom;
  const py = (place) => (lane.zero - (place.value ?? 0) * gain - view.y) * view.zoom;
  const [x1, x2, y1, y2] = [px(from), px(to), py(from), py(to)];
  context.strokeStyle = colors.accent;
  context.lineWidth = 1.5;
  context.setLineDash([5, 3]);
  context.strokeRect(Math.min(x1, x2), Math.min(y1, y2), Math.abs(x2 - x1), Math.abs(y2 - y1));
  context.setLineDash([]);

  const text = measure(from, to, unit);
  context.font = '600 13px system-ui, sans-serif';
  const width = context.measureText(text).width + 10;
  const x = Math.max(2, Math.min(view.width - width - 2, Math.min(x1, x2)));
  const above = Math.min(y1, y2) - 24;
  const y = above > 2 ? above : Math.max(y1, y2) + 4;
  context.fillStyle = colors.accent;
  context.fillRect(x, y, width, 20);
  context.fillStyle = colors.paper;
  context.textBaseline = 'middle';
  context.fillText(text, x + 5, y + 10);
}
