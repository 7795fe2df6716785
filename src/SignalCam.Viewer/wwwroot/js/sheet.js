// Where the leads are on the sheet, in millimetres of ECG paper. A lane is one lead over one stretch of time.

const STANDARD = ['I', 'II', 'III', 'aVR', 'aVL', 'aVF', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6'];
const ROWS = {
  '3x4': [['I', 'aVR', 'V1', 'V4'], ['II', 'aVL', 'V2', 'V5'], ['III', 'aVF', 'V3', 'V6']],
  '6x2': [['I', 'V1'], ['II', 'V2'], ['III', 'V3'], ['aVR', 'V4'], ['aVL', 'V5'], ['aVF', 'V6']],
};

// Room at the left for names and the calibration pulse.
export const LEFT = 20;
const EDGE = 4;
// Room below the leads for the time axis, and for speed and gain.
export const FOOT = 9;

const rank = (name) => {
  const at = STANDARD.findIndex((lead) => lead.toLowerCase() === name.toLowerCase());
  return at < 0 ? STANDARD.length : at;
};

/**
 * Arranges leads.
 * @param {{leads: {name: string}[], start: number, seconds: number}} signal
 * @param {{layout: string, gain: number, speed: number}} settings gain in mm per unit, speed in mm per second
 */
export function arrange(signal, { layout, gain, speed }) {
  const order = signal.leads.map((lead, index) => ({ index, name: lead.name })).sort((a, b) => rank(a.name) - rank(b.name) || a.index - b.index);
  const end = signal.start + signal.seconds;
  const find = (name) => order.find((lead) => lead.name.toLowerCase() === name.toLowerCase());
  const rows = STANDARD.every(find) ? ROWS[layout] : undefined;
  const row = rows ? Math.min(40, Math.max(18, gain * 2.2)) : Math.min(32, Math.max(11, gain * 1.5));
  // The calibration pulse of the first row is never cut.
  const top = EDGE + Math.max(0, gain + 1 - row / 2);
  const lane = ({ index, name }, line, from, to) => ({
    lead: index, name, from, to,
    x: LEFT + (from - signal.start) * speed,
    width: (to - from) * speed,
    top: top + line * row,
    bottom: top + (line + 1) * row,
    zero: top + (line + 0.5) * row,
  });
  const lanes = rows
    ? rows.flatMap((names, line) => names.map((name, column) => {
      const part = signal.seconds / names.length;
      return lane(find(name), line, signal.start + column * part, signal.start + (column + 1) * part);
    }))
    : order.map((lead, line) => lane(lead, line, signal.start, end));
  if (rows && layout === '3x4') lanes.push(lane(find('II'), rows.length, signal.start, end));
  const lines = rows ? rows.length + (layout === '3x4' ? 1 : 0) : order.length;
  return { lanes, row, start: signal.start, end, width: LEFT + signal.seconds * speed + EDGE, height: top + EDGE + lines * row + FOOT };
}

/** The lane at a place of the sheet; outside of all, the nearest in height. */
export function laneAt(sheet, x, y) {
  const away = (lane) => Math.max(lane.top - y, y - lane.bottom, 0) * 1000 + Math.max(lane.x - x, x - lane.x - lane.width, 0);
  return sheet.lanes.reduce((best, lane) => (away(lane) < away(best) ? lane : best));
}
