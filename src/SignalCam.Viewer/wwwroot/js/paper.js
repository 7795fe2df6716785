// ECG paper: a line each millimetre, a stronger one each five.

function lines(context, from, to, step, draw) {
  context.beginPath();
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) draw(at);
  context.stroke();
}

/** Draws the grid over all that is in view. Under a heat map it is grey, so that all colour is the map's. */
export function drawPaper(context, view, colors, isUnderHeat) {
  const { zoom } = view;
  const [left, top] = [view.x, view.y];
  const [right, bottom] = [left + view.width / zoom, top + view.height / zoom];
  const px = (mm) => Math.round((mm - left) * zoom) + 0.5;
  const py = (mm) => Math.round((mm - top) * zoom) + 0.5;
  context.fillStyle = colors.paper;
  context.fillRect(0, 0, view.width, view.height);
  context.lineWidth = 1;
  const grid = (step) => {
    lines(context, left, right, step, (x) => { context.moveTo(px(x), 0); context.lineTo(px(x), view.height); });
    lines(context, top, bottom, step, (y) => { context.moveTo(0, py(y)); context.lineTo(view.width, py(y)); });
  };
  // Finer than three pixels, the millimetres would only be a veil.
  if (zoom >= 3) {
    context.strokeStyle = isUnderHeat ? colors.greyFine : colors.fine;
    grid(1);
  }
  context.strokeStyle = isUnderHeat ? colors.greyCoarse : colors.coarse;
  grid(5);
}
