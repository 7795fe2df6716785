// The heat map behind the traces: a line of pixels for each lead, or one for all, stretched over each lane.
import { heatLine, limitOf } from './colors.js';

/** Paints a map once; drawing it is then a copy for each lane. */
export function paintHeat(map, colors, shared) {
  const limit = shared ?? limitOf(map);
  const byName = new Map((map.leads ?? []).map((lead) => [lead.name.toLowerCase(), heatLine(lead.values, limit, colors, map.isJet)]));
  return { map, limit, strip: heatLine(map.strip, limit, colors, map.isJet), of: (name) => byName.get(name.toLowerCase()) };
}

export function drawHeat(context, view, sheet, heat, speed) {
  const { map } = heat;
  const step = 1 / map.samplingRate;
  // Value i covers half a step on either side of its moment.
  const [from, to] = [map.start - step / 2, map.start + (map.strip.length - 0.5) * step];
  // Values keep their edges, unless several share a pixel: then none of them is left out.
  context.imageSmoothingEnabled = step * speed * view.zoom < 1;
  for (const lane of sheet.lanes) {
    const line = map.leads ? heat.of(lane.name) : heat.strip;
    const [start, end] = [Math.max(from, lane.from), Math.min(to, lane.to)];
    if (!line || start >= end) continue;
    context.drawImage(
      line, (start - from) / step, 0, (end - start) / step, 1,
      (lane.x + (start - lane.from) * speed - view.x) * view.zoom, (lane.top - view.y) * view.zoom, (end - start) * speed * view.zoom, (lane.bottom - lane.top) * view.zoom - 1);
  }
}
