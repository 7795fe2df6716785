// The host's folder: filter, page, open.
import { entries, folder, openEntry } from './api.js';

const PAGE = 50;

export async function setUpFolder(take, tell) {
  const about = await folder();
  if (!about.isThere) return;
  const button = document.getElementById('browse');
  const dialog = document.getElementById('folder-dialog');
  const filter = document.getElementById('folder-filter');
  let page = 1;
  button.hidden = false;
  const add = (name, values) => filter.elements[name].append(...values.map(([value, text]) => new Option(text, value)));
  add('class', about.classes.map((c) => [c, c]));
  add('fold', about.folds.map((f) => [f, f]));
  add('statement', about.statements.map((s) => [s.code, `${s.code}: ${s.description} (${s.count})`]));

  const show = async () => {
    const found = await entries({ ...Object.fromEntries(new FormData(filter)), page });
    const pages = Math.max(1, Math.ceil(found.total / PAGE));
    document.getElementById('folder-count').textContent = `${found.total} of ${about.count} recordings match; page ${page} of ${pages}.`;
    document.getElementById('folder-back').disabled = page === 1;
    document.getElementById('folder-on').disabled = page >= pages;
    document.getElementById('folder-list').replaceChildren(...found.entries.map((entry) => row(entry, async () => {
      dialog.close();
      take(await openEntry(entry.id));
    }, tell)));
  };
  const turn = (to) => {
    page = to;
    show().catch(tell);
  };
  button.addEventListener('click', () => {
    dialog.showModal();
    turn(page);
  });
  filter.addEventListener('input', () => turn(1));
  filter.addEventListener('submit', (event) => event.preventDefault());
  document.getElementById('folder-back').addEventListener('click', () => turn(page - 1));
  document.getElementById('folder-on').addEventListener('click', () => turn(page + 1));
  document.getElementById('folder-close').addEventListener('click', () => dialog.close());
}

function row(entry, open, tell) {
  const facts = [entry.age === null ? 'age unknown' : `${entry.age >= 90 ? 'over 89' : Math.round(entry.age)} years`, entry.sex, `fold ${entry.fold}`];
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = `${entry.id}: ${entry.classes.join(', ') || 'no class'} (${entry.statements.join(', ')}); ${facts.filter(Boolean).join(', ')}`;
  button.addEventListener('click', () => open().catch(tell));
  const item = document.createElement('li');
  item.append(button);
  return item;
}
