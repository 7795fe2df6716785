// What the model decides, in figures and words.

const CALLED = { present: 'called present', absent: 'not called present', undecided: 'not decided' };

export const percent = (share) => `${(100 * share).toFixed(1)} %`;

const WORST = ['unusable', 'warning', 'info'];
const HEADLINES = {
  unusable: 'This recording is not reliable enough to interpret.',
  warning: 'The model may be less accurate on this recording than its published figures.',
  info: 'Note:',
};

/** What was found against the recording, the worst first; nothing where all is well. */
export function showFindings(parts, findings) {
  const banner = parts.findings;
  banner.hidden = findings.length === 0;
  if (banner.hidden) return;
  const worst = WORST.find((severity) => findings.some((finding) => finding.severity === severity));
  banner.className = `findings ${worst}`;
  const [headline, list] = [document.createElement('strong'), document.createElement('ul')];
  headline.textContent = HEADLINES[worst];
  for (const severity of WORST)
    for (const finding of findings.filter((one) => one.severity === severity)) {
      const item = document.createElement('li');
      item.textContent = finding.sentence;
      list.append(item);
    }
  banner.replaceChildren(headline, list);
}

export function showVerdict(parts, explanation, recording) {
  showFindings(parts, explanation.answer.findings ?? []);
  const score = explanation.scores.find((s) => s.class === explanation.map.class);
  parts.headline.hidden = false;
  parts.headline.textContent = `${score.class}${score.fullName === score.class ? '' : ` (${score.fullName})`}: ${percent(score.probability)}, ${CALLED[score.decision]}`;
  parts.decision.textContent = score.inWords;
  parts.calibration.textContent = score.calibration ?? '';
  parts.about.textContent = explanation.map.about ?? '';
  parts.description.textContent = recording.description ?? '';
  const { model, model_sha256: sha, stretch, findings } = explanation.answer;
  const looked = `looked at ${stretch.start.toFixed(1)} to ${(stretch.start + stretch.duration).toFixed(1)} s`;
  parts.source.textContent = `Model ${model} (SHA-256 ${sha.slice(0, 12)}\u2026), ${looked}.${findings?.length ? '' : ' Findings: none.'}`;
  const rows = explanation.scores.map((s) => row(s, s === score));
  parts.scores.tBodies[0].replaceChildren(...rows);
  parts.scores.hidden = explanation.scores.length < 2;
}

function row(score, isChosen) {
  const line = document.createElement('tr');
  if (isChosen) line.setAttribute('aria-current', 'true');
  const name = document.createElement('th');
  name.scope = 'row';
  name.textContent = `${score.class}`;
  name.title = score.fullName;
  line.append(name, bar(score), cell(percent(score.threshold)), cell({ present: 'present', absent: 'absent', undecided: 'not decided' }[score.decision]));
  return line;
}

/** The probability as a bar, with its figure beside it. */
function bar(score) {
  const holder = cell('');
  const meter = document.createElement('meter');
  Object.assign(meter, { min: 0, max: 1, value: score.probability });
  meter.setAttribute('aria-hidden', 'true');
  holder.append(meter, ` ${percent(score.probability)}`);
  return holder;
}

function cell(text) {
  const made = document.createElement('td');
  made.textContent = text;
  return made;
}

/** The ends of the colour scale. */
export function showLegend(parts, map, limit) {
  const text = Number(limit.toPrecision(2));
  parts.legend.hidden = false;
  parts.legend.classList.toggle('one-sided', !map.isSigned && !map.isJet);
  parts.legend.classList.toggle('jet', map.isJet);
  if (map.isJet) {
    [parts.low.textContent, parts.high.textContent] = ['0, least of the map', '1, most of the map (as published)'];
    return;
  }
  parts.low.textContent = map.isSigned ? `\u2212${text} and beyond, against ${map.class}` : 'no weight';
  parts.high.textContent = map.isSigned ? `+${text} and beyond, for ${map.class}` : `weight of ${text} and beyond`;
}

const NAMES = {
  heart_rate: 'Heart rate', pr_interval: 'PR', qrs_duration: 'QRS', qt_interval: 'QT', qtc_bazett: 'QTc (Bazett)', qtc_fridericia: 'QTc (Fridericia)',
  p_axis: 'P axis', qrs_axis: 'QRS axis', t_axis: 'T axis', rr_deviation: 'R-R deviation', rr_successive_difference: 'R-R successive difference',
};
const UNITS = { deg: '\u00b0', '1/min': ' / min', ms: ' ms' };

/** Rate, intervals and axes; what was not found is not there. */
export function showMeasurements(parts, { values, source, beats }) {
  const rows = values.map(({ name, value, unit }) => {
    const line = document.createElement('div');
    const [term, detail] = [document.createElement('dt'), document.createElement('dd')];
    term.textContent = NAMES[name] ?? name;
    detail.textContent = `${value.toFixed(0).replace('-', '\u2212')}${UNITS[unit] ?? ` ${unit}`}`;
    line.append(term, detail);
    return line;
  });
  parts.measurements.replaceChildren(...rows);
  parts.measured.textContent = rows.length ? `Values ${source}, from ${beats} beats.` : 'Nothing could be measured in this recording.';
}

export function clearVerdict(parts) {
  parts.measurements.replaceChildren();
  for (const name of ['headline', 'decision', 'calibration', 'about', 'description', 'source', 'measured', 'low', 'high']) parts[name].textContent = '';
  parts.headline.hidden = true;
  parts.scores.hidden = true;
  parts.findings.hidden = true;
  parts.findings.replaceChildren();
  parts.legend.hidden = true;
}
