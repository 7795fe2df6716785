// The median beat of each lead, with the evidence of the beats that it is from behind it.
import { heatLine } from './colors.js';

const NARROWEST = 100;
const COLUMNS = [6, 4, 3, 2, 1];
const HEAD = 16;
const WAVES = ['pOnset', 'pEnd', 'qrsOnset', 'qrsEnd', 'tEnd'];

/**
 * A map over the median beat: at each moment the mean of the map's values at that distance from the marks of the beats.
 * @returns {{samplingRate: number, beats: number, strip: number[], leads: {name: string, values: number[]}[] | null} | null} null where the map covers none of the beats
 */
export function evidenceOf(beat, map) {
  if (!beat || !map) return null;
  const rate = map.samplingRate;
  const seconds = beat.leads[0].values.length / beat.samplingRate;
  const last = map.start + (map.strip.length - 1) / rate;
  const times = beat.times.filter((time) => time - beat.before >= map.start - 0.5 / rate && time - beat.before + seconds <= last + 0.5 / rate);
  if (times.length === 0) return null;
  const mean = (values) => Array.from({ length: Math.max(1, Math.floor(seconds * rate)) }, (_, i) => {
    const found = times.map((time) => values[Math.round((time - beat.before - map.start) * rate) + i]).filter((value) => value !== null && value !== undefined);
    return found.length ? found.reduce((sum, value) => sum + value, 0) / found.length : null;
  });
  return {
    samplingRate: rate, beats: times.length, strip: mean(map.strip),
    leads: map.leads ? map.leads.map(({ name, values }) => ({ name, values: mean(values) })) : null,
  };
}

/** Shows the beat; nothing where there is none. */
export function showBeat(parts, beat, map, limit, settings, colors) {
  parts.beat.hidden = beat === null;
  parts.beatText.textContent = '';
  if (!beat) return;
  const evidence = settings.heat ? evidenceOf(beat, map) : null;
  const scale = draw(parts.beatCanvas, beat, evidence && { ...evidence, limit, isJet: map.isJet }, settings, colors);
  const behind = evidence ? ` The colours are the mean evidence of ${evidence.beats === beat.times.length ? 'these' : `${evidence.beats} of these`} beats, on the scale above.`
    : settings.heat && map ? ' None of these beats lies entirely within the stretch that the model scored.' : '';
  parts.beatText.textContent = `Median of ${beat.times.length} similar beats, ${scale}. Lines: onset and end of P, onset and end of QRS, end of T, where found.${behind}`;
  parts.beatCanvas.setAttribute('aria-label', `Median beat of ${beat.leads.length} leads: ${beat.leads.map((lead) => lead.name).join(', ')}`);
}

function draw(canvas, beat, evidence, { gain, speed }, colors) {
  const width = canvas.parentElement.clientWidth;
  if (width === 0) return '';
  const seconds = beat.leads[0].values.length / beat.samplingRate;
  const columns = COLUMNS.find((one) => one <= beat.leads.length && width / one >= NARROWEST) ?? 1;
  const rows = Math.ceil(beat.leads.length / columns);
  // As large as there is room, and never larger than life.
  const zoom = Math.min(8, (width / columns - 6) / (seconds * speed));
  const extremes = beat.leads.flatMap(({ values }) => [Math.min(...values), Math.max(...values)]);
  const [low, high] = [Math.min(-0.3, ...extremes), Math.max(0.3, ...extremes)];
  const unit = Math.min(gain * zoom, 150 / (high - low));
  const height = (high - low) * unit + HEAD + 8;
  canvas.style.height = `${rows * height}px`;
  [canvas.width, canvas.height] = [Math.round(width * devicePixelRatio), Math.round(rows * height * devicePixelRatio)];
  const context = canvas.getContext('2d');
  context.scale(devicePixelRatio, devicePixelRatio);
  context.fillStyle = colors.paper;
  context.fillRect(0, 0, width, rows * height);
  // Leads of the limbs in one column, as they stand on a sheet.
  const place = (index) => (columns === 6 || columns === 4 ? [Math.floor(index / rows), index % rows] : [index % columns, Math.floor(index / columns)]);
  beat.leads.forEach((lead, index) => {
    const [column, row] = place(index);
    drawLead(context, beat, lead, evidence, {
      left: column * (width / columns) + 3, top: row * height, width: seconds * speed * zoom, height, unit, zero: row * height + HEAD + high * unit + 4, perSecond: speed * zoom,
    }, colors);
  });
  return `${Number((unit / zoom).toPrecision(2))} mm/mV at ${speed} mm/s`;
}

function drawLead(context, beat, { name, values }, evidence, box, colors) {
  const line = evidence && (evidence.leads ? evidence.leads.find((lead) => lead.name.toLowerCase() === name.toLowerCase())?.values : evidence.strip);
  if (line) {
    context.imageSmoothingEnabled = false;
    const drawn = heatLine(line, evidence.limit, colors, evidence.isJet);
    // A value covers half a step on either side of its moment.
    context.drawImage(drawn, 0.5, 0, line.length - 0.5, 1, box.left, box.top + HEAD, ((line.length - 0.5) / evidence.samplingRate) * box.perSecond, box.height - HEAD - 2);
  }
  context.lineWidth = 1;
  context.strokeStyle = colors.text;
  context.setLineDash([2, 3]);
  context.beginPath();
  for (const wave of WAVES.filter((one) => beat[one] !== null)) {
    const x = Math.round(box.left + beat[wave] * box.perSecond) + 0.5;
    context.moveTo(x, box.top + HEAD);
    context.lineTo(x, box.top + box.height - 2);
  }
  context.stroke();
  context.setLineDash([]);
  context.strokeStyle = colors.trace;
  context.lineWidth = 1.5;
  context.lineJoin = 'round';
  context.beginPath();
  values.forEach((value, i) => context.lineTo(box.left + (i / beat.samplingRate) * box.perSecond, box.zero - value * box.unit));
  context.stroke();
  context.font = '600 12px system-ui, sans-serif';
  context.textAlign = 'left';
  context.textBaseline = 'top';
  context.fillStyle = colors.text;
  context.fillText(name, box.left, box.top + 2);
}
