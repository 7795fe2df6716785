// A view as an address: which recording, how it is shown, and which part of it is in view. It holds no sample: who opens it asks the server for them.

const CHOICE = ['recording', 'model', 'class', 'explainer', 'signal'];
const SETTINGS = ['layout', 'gain', 'speed'];
const SWITCHES = ['heat', 'trend'];

/**
 * What stands behind the # of an address. It is there and not before it, so that no log and no other server gets the recording's id.
 * @param view {panes: choices, compare, settings, window: {from, to, top} or null for the whole sheet}
 */
export function writeLink({ panes, compare, settings, window }) {
  const link = new URLSearchParams();
  for (const name of CHOICE) link.set(name, panes[0][name]);
  for (const name of SETTINGS) link.set(name, settings[name]);
  for (const name of SWITCHES) link.set(name, settings[name] ? 'on' : 'off');
  if (window) {
    link.set('from', window.from.toFixed(3));
    link.set('to', window.to.toFixed(3));
    link.set('top', window.top.toFixed(1));
  }
  if (panes.length > 1) {
    link.set('compare', compare);
    for (const name of CHOICE) link.set(`other-${name}`, panes[1][name]);
  }
  return `#${link}`;
}

/** The view of an address; null where it names no recording. */
export function readLink(hash) {
  const link = new URLSearchParams(hash.slice(1));
  if (!link.get('recording')) return null;
  const choice = (prefix) => Object.fromEntries(CHOICE.filter((name) => link.get(prefix + name)).map((name) => [name, link.get(prefix + name)]));
  const [from, to, top] = ['from', 'to', 'top'].map((name) => Number.parseFloat(link.get(name)));
  return {
    panes: link.get('compare') ? [choice(''), choice('other-')] : [choice('')],
    compare: link.get('compare') ?? 'off',
    settings: Object.fromEntries([
      ...SETTINGS.filter((name) => link.get(name)).map((name) => [name, link.get(name)]),
      ...SWITCHES.filter((name) => link.get(name)).map((name) => [name, link.get(name) === 'on']),
    ]),
    window: from < to ? { from, to, top: top || 0 } : null,
  };
}
