// Mouse, touch, wheel and keys on a chart.

const CLICK = 4;
// How near an end of a caliper a pointer takes it: a finger is wider than a mouse's arrow.
const REACH = { mouse: 8, pen: 12, touch: 24 };

/** @param mode says whether a drag measures (calipers) or moves the sheet */
export function attach(chart, mode) {
  const { canvas } = chart;
  attachPointers(chart, canvas, mode);
  canvas.addEventListener('dblclick', (event) => chart.zoomBy(1.6, event.offsetX, event.offsetY));
  canvas.addEventListener('wheel', (event) => {
    if (!chart.content) return;
    // Without a key held, the wheel scrolls the page.
    if (event.ctrlKey || event.metaKey) chart.zoomBy(Math.exp(-event.deltaY * 0.0022), event.offsetX, event.offsetY);
    else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) chart.panBy(-(event.deltaX || event.deltaY), 0);
    else return;
    event.preventDefault();
  }, { passive: false });
  canvas.addEventListener('keydown', (event) => {
    if (chart.content && press(chart, event)) event.preventDefault();
  });
}

function press(chart, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const { calipers } = chart;
  const far = event.shiftKey ? Math.round(chart.content.signal.samplingRate / 10) : 1;
  const step = (samples) => (calipers.chosen && !calipers.isHeld ? chart.stepCaliper(samples) : chart.stepCursor(samples, 0));
  switch (event.key) {
    case 'ArrowLeft': step(-far); break;
    case 'ArrowRight': step(far); break;
    case 'ArrowUp': chart.stepCursor(0, -1); break;
    case 'ArrowDown': chart.stepCursor(0, 1); break;
    case 'Home': chart.stepCursor(-Number.MAX_SAFE_INTEGER, 0); break;
    case 'End': chart.stepCursor(Number.MAX_SAFE_INTEGER, 0); break;
    case 'm': case 'M': chart.markCaliper(); break;
    case 'c': case 'C': calipers.chooseNext(); chart.chooseCaliper(calipers.chosen); break;
    case 'r': case 'R': if (calipers.chosen) calipers.repeat(calipers.chosen); break;
    case 'Delete': case 'Backspace': if (calipers.chosen) calipers.remove(calipers.chosen); break;
    case '+': case '=': chart.zoomBy(1.25); break;
    case '-': case '_': chart.zoomBy(0.8); break;
    case '0': chart.fit(); break;
    case 'PageUp': chart.panBy(chart.view.width * 0.8, 0); break;
    case 'PageDown': chart.panBy(-chart.view.width * 0.8, 0); break;
    case 'Escape':
      if (calipers.isHeld) calipers.remove(calipers.chosen);
      else if (calipers.chosen) calipers.choose(null);
      else chart.clear();
      break;
    default: return false;
  }
  return true;
}

function attachPointers(chart, canvas, mode) {
  const down = new Map();
  let moved = 0;
  let taken = null;
  // A finger that joins another zooms: what the first one began is no caliper.
  const drop = () => {
    if (taken?.isNew) chart.calipers.remove(taken.caliper);
    taken = null;
  };
  const position = (event) => ({ x: event.offsetX, y: event.offsetY });
  canvas.addEventListener('pointerdown', (event) => {
    if (!chart.content || event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    down.set(event.pointerId, position(event));
    moved = 0;
    if (down.size > 1) drop();
    else if (mode.measures()) taken = chart.takeCaliper(event.offsetX, event.offsetY, REACH[event.pointerType] ?? REACH.mouse);
  });
  canvas.addEventListener('pointermove', (event) => {
    const before = down.get(event.pointerId);
    if (!before) return;
    const now = position(event);
    moved += Math.abs(now.x - before.x) + Math.abs(now.y - before.y);
    if (down.size === 2) pinch(chart, down, event.pointerId, now);
    else if (taken) chart.dragCaliper(taken, before, now);
    else chart.panBy(now.x - before.x, now.y - before.y);
    down.set(event.pointerId, now);
  });
  const end = (event) => {
    if (!down.delete(event.pointerId)) return;
    const wasTaken = taken;
    if (moved < CLICK || event.type === 'pointercancel') drop();
    taken = null;
    if (event.type === 'pointercancel' || (wasTaken && !wasTaken.isNew)) return;
    if (moved < CLICK) {
      const place = chart.placeAt(event.offsetX, event.offsetY);
      chart.putCursor(place.lane, place.time);
    }
  };
  canvas.addEventListener('pointerup', end);
  canvas.addEventListener('pointercancel', end);
}

function pinch(chart, down, id, now) {
  const [otherId] = [...down.keys()].filter((key) => key !== id);
  const [before, other] = [down.get(id), down.get(otherId)];
  const distance = (a, b) => Math.max(1, Math.hypot(a.x - b.x, a.y - b.y));
  chart.zoomBy(distance(now, other) / distance(before, other), (now.x + other.x) / 2, (now.y + other.y) / 2);
  chart.panBy((now.x - before.x) / 2, (now.y - before.y) / 2);
}
