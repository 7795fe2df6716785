// What a pane shows, as a file.
import { picture } from './api.js';
import { evidenceOf } from './beat.js';
import { heatColor, jetColor, themeColors } from './colors.js';
import { percent } from './verdict.js';

const MARGIN = 12;
const SHARPNESS = 2;
const LINE = 19;
export const NOTICE = 'Research use. Not a medical device.';

export function save(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The download has begun by then; revoking at once would end it.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

const LONGEST_NAME = 120;

export const nameOf = (pane, extension) => {
  const { choice } = pane;
  return `${`${pane.label}-${choice.model}-${choice.class}-${choice.explainer}`.replace(/[^\w.+-]+/g, '-').slice(0, LONGEST_NAME)}.${extension}`;
};

const LAYOUTS = { '3x4': 'ThreeRows', '6x2': 'SixRows' };

const caliperOf = ({ name, from, to, isRepeated }) =>
  [name, from.time.toFixed(4), to.time.toFixed(4), (from.value ?? 0).toFixed(4), (to.value ?? 0).toFixed(4), ...(isRepeated ? ['repeat'] : [])].join(',');

const onShow = (pane) => {
  if (!pane.chart.content || !pane.recording) throw new Error('There is nothing on show that could be saved.');
};

/** The picture to scale that the server draws, as it is on show: layout, gain, speed, calipers, with or without the map. @param kind svg or pdf */
export async function savePicture(pane, kind) {
  onShow(pane);
  if (pane.choice.signal !== 'raw') throw new Error(`A ${kind.toUpperCase()} shows the signal as recorded; for the preprocessed one take the PNG.`);
  const { recording, model, class: className, explainer } = pane.choice;
  const { layout, gain, speed, heat } = pane.settings;
  const calipers = pane.chart.calipers.list.map(caliperOf).join(';');
  save(await picture(recording, kind, { model, class: className, explainer, layout: LAYOUTS[layout] ?? 'Stacked', gain, speed, heat, calipers }), nameOf(pane, kind));
}

/** Breaks a text into lines that are at most this wide; a word that is wider is broken, too. */
function wrap(context, text, width) {
  const lines = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    const longer = line ? `${line} ${word}` : word;
    if (context.measureText(longer).width <= width) {
      line = longer;
      continue;
    }
    if (line) lines.push(line);
    line = '';
    for (const letter of word) {
      if (line && context.measureText(line + letter).width > width) {
        lines.push(line);
        line = '';
      }
      line += letter;
    }
  }
  return [...lines, line];
}

/** What stands above and below the chart of a saved picture. */
function captions(pane) {
  const { explanation, settings } = pane;
  const { signal } = pane.chart.content;
  const score = explanation?.scores.find((s) => s.class === explanation.map.class);
  const above = [`${pane.label}, ${pane.choice.model}, ${pane.choice.explainer}`, score?.inWords ?? ''];
  const answer = explanation?.answer;
  const findings = answer?.findings?.length ? answer.findings.map((f) => f.sentence).join(' ') : 'none';
  const below = [
    `${settings.speed} mm/s, ${settings.gain} mm/${signal.unit}, ${signal.samplingRate} samples a second.`,
    answer ? `Model ${answer.model}, SHA-256 ${answer.model_sha256}. Looked at ${answer.stretch.start.toFixed(1)} to ${(answer.stretch.start + answer.stretch.duration).toFixed(1)} s. Findings: ${findings}` : '',
    ...pane.chart.calipers.list.map((caliper) => `${pane.chart.calipers.read(caliper, signal.unit)}.`),
    NOTICE,
  ];
  return [above, below].map((texts) => texts.filter(Boolean));
}

/** What is in view, with its scale, its colours and what is said of it. */
export async function savePng(pane) {
  onShow(pane);
  const { chart, explanation } = pane;
  const view = { ...chart.view };
  const chartImage = new OffscreenCanvas(view.width * SHARPNESS, view.height * SHARPNESS);
  chart.draw(chartImage.getContext('2d'), view, SHARPNESS);

  const measure = new OffscreenCanvas(1, 1).getContext('2d');
  measure.font = '14px system-ui, sans-serif';
  const [above, below] = captions(pane).map((texts) => texts.flatMap((text) => wrap(measure, text, view.width - 4)));
  const bar = explanation && chart.settings.heat ? 40 : 0;
  const height = view.height + 2 * MARGIN + (above.length + below.length) * LINE + bar + 8;
  const page = new OffscreenCanvas((view.width + 2 * MARGIN) * SHARPNESS, height * SHARPNESS);
  const context = page.getContext('2d');
  const style = getComputedStyle(document.documentElement);
  context.scale(SHARPNESS, SHARPNESS);
  context.fillStyle = style.getPropertyValue('--page').trim();
  context.fillRect(0, 0, page.width, page.height);
  context.fillStyle = style.getPropertyValue('--ink').trim();
  let y = MARGIN;
  const write = (lines) => {
    context.font = '14px system-ui, sans-serif';
    for (const line of lines) context.fillText(line, MARGIN, (y += LINE) - 5);
  };
  write(above);
  context.drawImage(chartImage, MARGIN, y + 4, view.width, view.height);
  y += view.height + 8;
  if (bar) y = drawBar(context, explanation.map, chart.limit ?? pane.limit, y, view.width);
  write(below);
  save(await page.convertToBlob({ type: 'image/png' }), nameOf(pane, 'png'));
}

/** The colours of the map and what their ends stand for. */
function drawBar(context, map, limit, y, room) {
  const [colors, width, ink] = [themeColors(), Math.min(240, room / 2), context.fillStyle];
  context.fillStyle = colors.paper;
  context.fillRect(MARGIN, y, width, 12);
  for (let x = 0; x < width; x++) {
    const share = x / (width - 1);
    const [r, g, b, a] = map.isJet ? jetColor(share, colors) : heatColor(limit * (map.isSigned ? 2 * share - 1 : share), limit, colors);
    context.fillStyle = `rgb(${r} ${g} ${b} / ${a / 255})`;
    context.fillRect(MARGIN + x, y, 1, 12);
  }
  context.fillStyle = ink;
  const end = Number(limit.toPrecision(2));
  const [low, high] = map.isSigned ? [`\u2212${end} against`, `+${end} for ${map.class}`] : ['0', `${end}`];
  context.fillText(`${low}  to  ${high}`, MARGIN, y + 30);
  return y + 40;
}

/** Scores, map, measurements and samples, with the program's version and the model's hash. */
export function saveJson(pane, about) {
  if (!pane.explanation) throw new Error('There is no answer on show that could be saved.');
  const { answer, scores, map } = pane.explanation;
  const { signal } = pane.chart.content;
  const { measurements } = pane;
  const content = {
    software: { name: 'SignalCam viewer', version: about.version },
    recording: { ...pane.recording, label: pane.label },
    model: { name: answer.model, sha256: answer.model_sha256 },
    view: { ...pane.settings, signal: pane.choice.signal },
    answer,
    in_words: scores.map((score) => `${score.class}: ${percent(score.probability)}. ${score.inWords}`),
    measurements,
    median_beat_evidence: evidenceOf(measurements?.medianBeat ?? null, map),
    calipers: pane.chart.calipers.list.map(({ name, from, to, isRepeated }) => ({
      lead: name, from, to, ms: Math.round(Math.abs(to.time - from.time) * 1000), unit: signal.unit, is_repeated: isRepeated,
    })),
    signal,
    notice: NOTICE,
  };
  save(new Blob([JSON.stringify(content)], { type: 'application/json' }), nameOf(pane, 'json'));
}
