// ECG paper: a line each millimetre, a stronger one each five.

function lines(context, from, to, step, draw) {
  context.beginPath();
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) draw(at);
  context.stroke();
}

/** Draws the grid of the part of the sheet that is in view. The context is in pixels. */
export function drawPaper(context, view, sheet, colors) {
  const { zoom } = view;
  const right = Math.min(sheet.width, view.x + view.width / zoom);
  const bottom = Math.min(sheet.height, view.y + view.height / zoom);
  const [left, top] = [Math.max(0, view.x), Math.max(0, view.y)];
  const px = (mm) => Math.round((mm - view.x) * zoom) + 0.5;
  const py = (mm) => Math.round((mm - view.y) * zoom) + 0.5;

  context.fillStyle = colors.paper;
  context.fillRect(px(left), py(top), px(right) - px(left), py(bottom) - py(top));
  context.lineWidth = 1;
  const grid = (step) => {
    lines(context, left, right, step, (x) => { context.moveTo(px(x), py(top)); context.lineTo(px(x), py(bottom)); });
    lines(context, top, bottom, step, (y) => { context.moveTo(px(left), py(y)); context.lineTo(px(right), py(y)); });
  };
  // Finer than three pixels, the millimetres would only be a grey veil.
  if (zoom >= 3) {
    context.strokeStyle = colors.fine;
    grid(1);
  }
  context.strokeStyle = colors.coarse;
  grid(5);
}
