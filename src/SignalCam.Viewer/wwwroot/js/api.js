// The server's API. Errors are problem details (RFC 9457), thrown as Problem.

export class Problem extends Error {
  constructor(details, status) {
    super(details.detail ?? details.title ?? `The server answered ${status}.`);
    this.kind = (details.type ?? '').split(':').pop();
    this.needs = details.needs ?? [];
  }
}

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Problem({ detail: 'The server is not responding. Is it still running?' }, 0);
  }
  if (!response.ok) throw new Problem(await response.json().catch(() => ({})), response.status);
  return response;
}

const json = async (path, options) => (await ask(path, options)).json();

const query = (values) => {
  const set = Object.entries(values).filter(([, value]) => value !== '' && value !== null && value !== undefined);
  return set.length ? `?${new URLSearchParams(set)}` : '';
};

const recording = (id) => `/api/recordings/${encodeURIComponent(id)}`;

export const about = () => json('/api/about');
export const recordingOf = (id) => json(recording(id));
export const examples = () => json('/api/examples');
export const models = () => json('/api/models');
export const signal = (id) => json(`${recording(id)}/signal`);
export const prepared = (id, model) => json(`${recording(id)}/prepared${query({ model })}`);

/** Scores with what they mean in words, and the map of one class, out of the server's answer. */
export async function explanation(id, choice) {
  const { answer, class: chosen, explainer, words, about, notice } = await json(`${recording(id)}/explanation${query(choice)}`);
  const scores = answer.scores.map((score) => ({ ...words.find((w) => w.class === score.class), ...score, inWords: words.find((w) => w.class === score.class).decision }));
  const map = answer.scores.find((score) => score.class === chosen).heat_map;
  return {
    answer, explainer, notice, scores,
    map: {
      class: chosen,
      about,
      isSigned: map.sign === 'for-and-against',
      isJet: map.kind === 'paper' && map.unit === 'share of the map' && map.sign === 'magnitude',
      unit: map.unit,
      samplingRate: answer.sampling_rate,
      start: answer.stretch.start,
      strip: map.samples,
      leads: map.lead_samples ? Object.entries(map.lead_samples).map(([name, values]) => ({ name, values })) : null,
    },
  };
}

export const measurements = (id) => json(`${recording(id)}/measurements`);
export const picture = async (id, kind, choice) => (await ask(`${recording(id)}/explanation.${kind}${query(choice)}`)).blob();
export const folder = () => json('/api/folder');
export const entries = (filter) => json(`/api/folder/entries${query(filter)}`);
export const openEntry = (id) => json(`/api/folder/entries/${encodeURIComponent(id)}`, { method: 'POST' });

export function upload(files, answers = {}) {
  const form = new FormData();
  for (const [name, value] of Object.entries(answers)) form.append(name, value);
  for (const file of files) form.append('files', file, file.name);
  return json('/api/recordings', { method: 'POST', body: form });
}
