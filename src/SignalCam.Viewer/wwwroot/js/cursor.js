// The reading cursor: one sample of one lead, moved by keys or set by a click, and said in words.
import { signed } from './calipers.js';

/** The sample under the cursor, as a place. */
export function placeOf(signal, cursor) {
  return { time: signal.start + cursor.index / signal.samplingRate, value: signal.leads[cursor.lead].values[cursor.index] };
}

/** The value of a map at a moment; null outside of it. */
export function evidenceAt(map, leadName, time) {
  if (!map) return null;
  const line = map.leads ? map.leads.find((lead) => lead.name.toLowerCase() === leadName.toLowerCase())?.values : map.strip;
  return line?.[Math.round((time - map.start) * map.samplingRate)] ?? null;
}

/** What the cursor reads. */
export function read(content, cursor) {
  const { signal, map } = content;
  const place = placeOf(signal, cursor);
  const { name } = signal.leads[cursor.lead];
  const parts = [`${name}, ${place.time.toFixed(3)} s`, place.value === null ? 'no value' : `${signed(place.value)} ${signal.unit}`];
  const evidence = evidenceAt(map, name, place.time);
  if (evidence !== null) {
    const side = !map.isSigned ? 'weight' : evidence > 0 ? `for ${map.class}` : evidence < 0 ? `against ${map.class}` : 'neutral';
    parts.push(`evidence ${signed(evidence)} (${side})`);
  }
  return parts.join('; ');
}

export function drawCursor(context, view, lane, place, { gain, speed }, colors) {
  const x = (lane.x + (place.time - lane.from) * speed - view.x) * view.zoom;
  const y = (lane.zero - (place.value ?? 0) * gain - view.y) * view.zoom;
  context.strokeStyle = colors.accent;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(x, (lane.top - view.y) * view.zoom);
  context.lineTo(x, (lane.bottom - view.y) * view.zoom);
  context.stroke();
  context.beginPath();
  context.arc(x, y, 4, 0, 2 * Math.PI);
  context.fillStyle = colors.accent;
  context.fill();
}
