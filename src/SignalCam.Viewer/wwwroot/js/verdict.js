// What the model decides, in figures and words.

const CALLED = { present: 'called present', absent: 'not called present', undecided: 'not decided' };

export const percent = (share) => `${(100 * share).toFixed(1)} %`;

export function showVerdict(parts, explanation, recording) {
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
  parts.legend.hidden = true;
}
