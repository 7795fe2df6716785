// Puts the page together.
import { saveJson, savePicture, savePng } from './export.js';
import { onFiles, open } from './files.js';
import { setUpFolder } from './folder.js';
import { readLink, writeLink } from './link.js';
import { describeModel } from './model.js';
import { Pane } from './pane.js';
import { Session } from './session.js';
import { setUpTheme } from './theme.js';

const session = new Session();
const toolbar = document.getElementById('toolbar');
const status = document.getElementById('status');
const holder = document.getElementById('panes');
let panes = [];

const say = (text) => { status.textContent = text; };
const tell = (problem) => {
  say(problem.message);
  status.classList.add('is-problem');
};

function settings() {
  const { layout, gain, speed, heat, trend, calipers } = toolbar.elements;
  return { layout: layout.value, gain: Number(gain.value), speed: Number(speed.value), heat: heat.checked, trend: trend.checked, calipers: calipers.checked };
}

function addPane(name, choice) {
  const pane = new Pane(session, name, settings(), choice);
  holder.append(pane.element);
  panes.push(pane);
  // What is in view of one is in view of all.
  pane.chart.addEventListener('view', (event) => {
    for (const other of panes) if (other !== pane && other.chart.content) other.chart.follow(event.detail);
  });
  pane.addEventListener('choice', showModel);
  pane.addEventListener('shown', shareScale);
  return pane;
}

/**
 * Maps of one method that stand side by side have one scale: a pale map is weak evidence, not a badly chosen scale. Those of two methods do
 * not: the mean of one is the logit, of another the sum.
 */
function shareScale() {
  const shown = panes.filter((pane) => pane.explanation);
  const isOne = shown.length > 1 && new Set(shown.map(({ explanation: { map, explainer } }) => `${explainer} ${map.unit} ${map.isSigned} ${map.isJet}`)).size === 1;
  const limit = isOne ? Math.max(...shown.map((pane) => pane.limit)) : null;
  for (const pane of shown) pane.shareLimit(limit);
}

function showModel() {
  document.getElementById('model').replaceChildren(describeModel(session.model(panes[0].choice.model)));
}

/** The second pane differs from the first in what is compared. */
function compare(what) {
  for (const pane of panes.splice(1)) pane.element.remove();
  holder.classList.toggle('is-double', what !== 'off');
  if (what === 'off') return shareScale();
  const first = panes[0].choice;
  const others = session.recordings.filter((recording) => recording.id !== first.recording);
  const explainers = session.model(first.model).explainers.map((e) => e.name);
  const changes = {
    explainers: { explainer: first.explainer === 'cam' ? 'integrated-gradients' : explainers[0] },
    recordings: { recording: (others.find((r) => r.source !== 'example') ?? others.at(-1)).id },
    preprocessing: { signal: first.signal === 'raw' ? 'prepared' : 'raw' },
  };
  return addPane('second', { ...first, ...changes[what] }).choose({});
}

/** Puts the view into the address, and, where the browser allows it, into the clipboard. */
async function link() {
  const { chart } = panes[0];
  const hash = writeLink({ panes: panes.map((pane) => pane.choice), compare: toolbar.elements.compare.value, settings: settings(), window: chart.window });
  history.replaceState(null, '', hash);
  status.classList.remove('is-problem');
  try {
    await navigator.clipboard.writeText(location.href);
    say('The link to this view is copied, and is this page\u2019s address.');
  } catch {
    // A browser may refuse, and has no clipboard for pages without TLS.
    say('The link to this view is this page\u2019s address now.');
  }
}

/** Shows the view of a link; what it names and this server lacks is said, and nothing else is shown in its place. */
async function restore(view) {
  const { elements } = toolbar;
  for (const name of ['layout', 'gain', 'speed'])
    if ([...elements[name].options].some((option) => option.value === view.settings[name])) elements[name].value = view.settings[name];
  for (const name of ['heat', 'trend']) if (name in view.settings) elements[name].checked = view.settings[name];
  const unknown = view.panes.map(({ model }) => model).find((model) => model && !session.model(model));
  if (unknown) tell(new Error(`The link names the model ${unknown}, which this server does not have: its default model answers.`));
  const chosen = view.panes.map((pane) => ({ ...defaults(), ...pane, ...(session.model(pane.model) ? {} : { model: session.defaultModel.name, class: '' }) }));
  for (const { recording } of chosen) await session.find(recording);
  const first = addPane('first', chosen[0]);
  const isDouble = chosen.length > 1 && [...elements.compare.options].some((option) => option.value === view.compare);
  if (isDouble) {
    elements.compare.value = view.compare;
    holder.classList.add('is-double');
    addPane('second', chosen[1]);
  }
  await Promise.all(panes.map((pane) => pane.choose({})));
  if (view.window && first.chart.content) first.chart.window = view.window;
}

const defaults = () => ({ recording: session.recordings[0].id, model: session.defaultModel.name, class: '', explainer: 'cam', signal: 'raw' });

async function take(recordings) {
  session.add(recordings);
  for (const pane of panes.slice(1)) pane.fill();
  await panes[0].choose({ recording: recordings[0].id, class: '' });
}

async function takeFiles(files) {
  status.classList.remove('is-problem');
  say('Opening …');
  try {
    const opened = await open(files);
    if (!opened) return say('');
    const refused = opened.refused.map((r) => `${r.name}: ${r.reason}`);
    say([`${opened.recordings.length} opened.`, ...(refused.length ? ['Not opened:', ...refused] : [])].join(' '));
    await take(opened.recordings);
  } catch (problem) {
    tell(problem);
  }
}

function listen() {
  toolbar.addEventListener('submit', (event) => event.preventDefault());
  toolbar.addEventListener('change', (event) => {
    if (event.target.name === 'compare') return compare(event.target.value);
    for (const pane of panes) pane.set({ [event.target.name]: settings()[event.target.name] });
  });
  const onClick = (id, act) => document.getElementById(id).addEventListener('click', () => {
    try {
      Promise.resolve(act()).catch(tell);
    } catch (problem) {
      tell(problem);
    }
  });
  const first = () => panes[0];
  onClick('zoom-in', () => first().chart.zoomBy(1.25));
  onClick('zoom-out', () => first().chart.zoomBy(0.8));
  onClick('fit', () => first().chart.fit());
  onClick('export-svg', () => Promise.all(panes.map((pane) => savePicture(pane, 'svg'))));
  onClick('export-pdf', () => Promise.all(panes.map((pane) => savePicture(pane, 'pdf'))));
  onClick('export-png', () => Promise.all(panes.map((pane) => savePng(pane))));
  onClick('print', () => print());
  onClick('export-json', () => panes.forEach((pane) => saveJson(pane, session.about)));
  onClick('link', link);
  // Another link in the same tab: the page begins anew with it.
  addEventListener('hashchange', () => location.reload());
}

async function start() {
  document.getElementById('controls').open = matchMedia('(min-width: 700px)').matches;
  setUpTheme(() => { for (const pane of panes) pane.recolor(); });
  onFiles(takeFiles);
  await session.start();
  document.getElementById('export-pdf').hidden = !session.about.pictures.includes('pdf');
  listen();
  const view = readLink(location.hash);
  await (view ? restore(view) : addPane('first', defaults()).choose({}));
  await setUpFolder((recording) => take([recording]).catch(tell), tell);
}

start().catch(tell);
