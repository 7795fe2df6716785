// What a pane shows, as a file.
import { picture } from './api.js';

const MARGIN = 12;
const CAPTION = 64;
const SHARPNESS = 2;

export function save(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The download has begun by then; revoking at once would end it.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export const nameOf = (pane, extension) => {
  const { recording, choice } = pane;
  return `${recording.name}-${choice.model}-${choice.class}-${choice.explainer}.${extension}`.replace(/[^\w.+-]+/g, '-');
};

/** The picture to scale that the server draws. */
export async function saveSvg(pane, layout) {
  const { recording, model, class: className, explainer } = pane.choice;
  save(await picture(recording, { model, class: className, explainer, layout: layout === '3x4' ? 'ThreeRows' : 'Stacked' }), nameOf(pane, 'svg'));
}

/** What is in view, with what is said of it. */
export async function savePng(pane) {
  const { chart, explanation } = pane;
  const view = { ...chart.view };
  const chartImage = new OffscreenCanvas(view.width * SHARPNESS, view.height * SHARPNESS);
  chart.draw(chartImage.getContext('2d'), view, SHARPNESS);

  const page = new OffscreenCanvas((view.width + 2 * MARGIN) * SHARPNESS, (view.height + CAPTION + 2 * MARGIN) * SHARPNESS);
  const context = page.getContext('2d');
  const style = getComputedStyle(document.documentElement);
  context.scale(SHARPNESS, SHARPNESS);
  context.fillStyle = style.getPropertyValue('--page').trim();
  context.fillRect(0, 0, page.width, page.height);
  context.fillStyle = style.getPropertyValue('--ink').trim();
  context.font = '600 16px system-ui, sans-serif';
  context.fillText(`${pane.recording.name}, ${pane.choice.model}, ${pane.choice.explainer}`, MARGIN, MARGIN + 16, view.width);
  context.font = '14px system-ui, sans-serif';
  const score = explanation?.scores.find((s) => s.class === explanation.map.class);
  context.fillText(score?.inWords ?? '', MARGIN, MARGIN + 36, view.width);
  context.fillText('Research use. Not a medical device.', MARGIN, MARGIN + 55, view.width);
  context.drawImage(chartImage, MARGIN, CAPTION + MARGIN, view.width, view.height);
  save(await page.convertToBlob({ type: 'image/png' }), nameOf(pane, 'png'));
}

/** Scores, map and samples. */
export function saveJson(pane) {
  const content = { recording: pane.recording, answer: pane.explanation?.answer, signal: pane.chart.content.signal };
  save(new Blob([JSON.stringify(content)], { type: 'application/json' }), nameOf(pane, 'json'));
}
