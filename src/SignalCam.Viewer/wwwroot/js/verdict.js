// What the model decides, in figures and words.

const CALLED = { present: 'called present', absent: 'not called present', undecided: 'not decided' };

export const percent = (share) => `${(100 * share).toFixed(1)} %`;

const WORST = ['unusable', 'warning', 'info'];
const HEADLINES = {
  unusable: 'This recording cannot be believed.',
  warning: 'The answer may be worse than the model’s figures say.',
  info: 'Worth knowing:',
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
  parts.headline.textContent = `${score.class}${score.fullName === score.class ? '' : ` (${score.fullName})`}: ${percent(score.probability)}, ${CALLED[score.decision]}`;
  parts.decision.textContent = score.inWords;
  parts.calibration.textContent = score.calibration ?? '';
  parts.about.textContent = explanation.map.about ?? '';
  parts.description.textContent = recording.description ?? '';
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
  line.append(name, bar(score), cell(percent(score.threshold)), cell({ present: 'present', absent: 'no', undecided: 'not decided' }[score.decision]));
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
  parts.legend.classList.toggle('one-sided', !map.isSigned);
  parts.low.textContent = map.isSigned ? `\u2212${text} and beyond, against ${map.class}` : 'no weight';
  parts.high.textContent = map.isSigned ? `+${text} and beyond, for ${map.class}` : `weight of ${text} and beyond`;
}

export function clearVerdict(parts) {
  for (const name of ['headline', 'decision', 'calibration', 'about', 'description']) parts[name].textContent = '';
  parts.scores.hidden = true;
  parts.findings.hidden = true;
  parts.legend.hidden = true;
}
