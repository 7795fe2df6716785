// Opening files: the button, dropping them anywhere, and the questions that a table leaves open.
import { upload } from './api.js';

const ask = (dialog) => new Promise((answer) => {
  dialog.addEventListener('close', () => answer(dialog.returnValue === 'ok'), { once: true });
  dialog.returnValue = 'cancel';
  dialog.showModal();
});

/** Asks how a table is to be read; null when that is called off. */
async function askAboutTable(problem) {
  const dialog = document.getElementById('table-dialog');
  document.getElementById('table-why').textContent = problem.message;
  const fields = [...dialog.querySelectorAll('[data-need]')];
  for (const field of fields) {
    field.hidden = !problem.needs.includes(field.dataset.need);
    field.querySelector('input, select').disabled = field.hidden;
  }
  if (!await ask(dialog)) return null;
  return Object.fromEntries(new FormData(dialog.querySelector('form')));
}

/** Opens files; asks as often as the server has questions. */
export async function open(files) {
  let answers = {};
  for (;;) {
    try {
      return await upload(files, answers);
    } catch (problem) {
      if (!problem.needs?.length) throw problem;
      const more = await askAboutTable(problem);
      if (!more) return null;
      answers = { ...answers, ...more };
    }
  }
}

/** Calls back with the files that somebody picks or drops. */
export function onFiles(take) {
  const input = document.getElementById('files');
  const drop = document.getElementById('drop');
  document.getElementById('open').addEventListener('click', () => input.click());
  input.addEventListener('change', () => {
    const files = [...input.files];
    input.value = '';
    if (files.length) take(files);
  });
  const hasFiles = (event) => event.dataTransfer?.types.includes('Files');
  addEventListener('dragover', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    drop.classList.add('is-over');
  });
  addEventListener('dragleave', (event) => {
    if (!event.relatedTarget) drop.classList.remove('is-over');
  });
  addEventListener('drop', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    drop.classList.remove('is-over');
    take([...event.dataTransfer.files]);
  });
}
