// Where the leads are on the sheet, in millimetres of ECG paper. A lane is one lead over one stretch of time.

const STANDARD = ['I', 'II', 'III', 'aVR', 'aVL', 'aVF', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6'];
const ROWS = [['I', 'aVR', 'V1', 'V4'], ['II', 'aVL', 'V2', 'V5'], ['III', 'aVF', 'V3', 'V6']];

// Room at the left for names and the calibration pulse.
export const LEFT = 15;
const EDGE = 4;

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
  const asRows = layout === '3x4' && STANDARD.every(find);
  const row = asRows ? Math.min(40, Math.max(18, gain * 2.2)) : Math.min(32, Math.max(11, gain * 1.5));
  const lane = ({ index, name }, line, from, to) => ({
    lead: index, name, from, to,
    x: LEFT + (from - signal.start) * speed,
    width: (to - from) * speed,
    top: EDGE + line * row,
    bottom: EDGE + (line + 1) * row,
    zero: EDGE + (line + 0.5) * row,
  });
  const lanes = asRows
    ? [
      ...ROWS.flatMap((names, line) => names.map((name, column) => {
        const quarter = signal.seconds / 4;
        return lane(find(name), line, signal.start + column * quarter, signal.start + (column + 1) * quarter);
      })),
      lane(find('II'), 3, signal.start, end),
    ]
    : order.map((lead, line) => lane(lead, line, signal.start, end));
  const lines = asRows ? 4 : order.length;
  return { lanes, row, width: LEFT + signal.seconds * speed + EDGE, height: 2 * EDGE + lines * row };
}

/** The lane at a place of the sheet; outside of all, the nearest in height. */
export function laneAt(sheet, x, y) {
  const away = (lane) => Math.max(lane.top - y, y - lane.bottom, 0) * 1000 + Math.max(lane.x - x, x - lane.x - lane.width, 0);
  return sheet.lanes.reduce((best, lane) => (away(lane) < away(best) ? lane : best));
}
