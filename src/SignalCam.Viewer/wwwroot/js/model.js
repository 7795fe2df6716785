// What a model file says about itself, as a list.

const text = (value) => (value === null || value === undefined ? 'not said' : typeof value === 'object' ? JSON.stringify(value) : String(value));
const component = (spec) => `${spec.name}${spec.options ? ` ${JSON.stringify(spec.options)}` : ''}`;

export function describeModel(model) {
  const { manifest } = model;
  const { training, calibration } = manifest;
  const facts = [
    ['Task', `${manifest.task} (${manifest.taskKind}): ${manifest.classes.join(', ')}`],
    ['Input', `${manifest.leads.length} leads, ${manifest.length} samples at ${manifest.samplingRate} a second (${manifest.leads.join(', ')})`],
    ['Preprocessing', manifest.preprocessing.map(component).join(', then ')],
    ['Architecture', component(manifest.architecture)],
    ['Head', component(manifest.head)],
    ['Thresholds', manifest.classes.map((name, i) => `${name} ${(100 * manifest.thresholds[i]).toFixed(1)} %`).join(', ')],
    ['Calibration', calibration ? calibration.map((c, i) => `${manifest.classes[i]} ${c.isotonic ? 'isotonic curve' : `${c.scale.toFixed(3)} × logit ${c.intercept < 0 ? '−' : '+'} ${Math.abs(c.intercept).toFixed(3)}`}`).join(', ') : 'none'],
    ['Preset', text(manifest.preset)],
    ['Licence', text(manifest.licence)],
    ['SHA-256', text(model.sha256)],
    ...Object.entries(training ?? {}).map(([name, value]) => [`Training: ${name.replaceAll('_', ' ')}`, text(value)]),
  ];
  const list = document.createElement('dl');
  for (const [name, value] of facts) {
    const [term, detail] = [document.createElement('dt'), document.createElement('dd')];
    term.textContent = name;
    detail.textContent = value;
    list.append(term, detail);
  }
  return list;
}
