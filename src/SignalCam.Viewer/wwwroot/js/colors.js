// The page's colours for the canvas, and the scale of the heat maps.

/** Colours of the theme in force, as the style sheet has them. */
export function themeColors() {
  const style = getComputedStyle(document.documentElement);
  const color = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    paper: color('paper'), fine: color('grid-fine'), coarse: color('grid-coarse'), greyFine: color('grid-grey-fine'), greyCoarse: color('grid-grey-coarse'), trace: color('trace'), trend: color('trend'),
    text: color('ink'), accent: color('accent'), alarm: color('alarm'), against: channels(color('against')), for: channels(color('for')), strength: Number(color('heat-strength')),
  };
}

const channels = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

/**
 * The magnitude that takes the strongest colour: 99 of 100 values are below it. Gradient methods give a few values far above all others,
 * which would leave the rest without colour.
 */
export function limitOf(map) {
  if (map.isJet) return 1;
  const rows = map.leads ? map.leads.map((lead) => lead.values) : [map.strip];
  const sizes = Float64Array.from(rows.flat(), (value) => Math.abs(value ?? 0)).sort();
  return sizes[Math.floor(0.99 * (sizes.length - 1))] || sizes.at(-1) || 1;
}

/**
 * Colour of a value: orange speaks for the class, blue against it, nothing at zero. The two differ for every kind of colour vision, and the
 * strength of the colour says how much on any paper, light or dark.
 */
export function heatColor(value, limit, colors) {
  const share = Math.max(-1, Math.min(1, (value ?? 0) / limit));
  return [...(share < 0 ? colors.against : colors.for), Math.round(255 * colors.strength * Math.abs(share))];
}

// Blue, cyan, yellow, red, lightened, as the pictures of the command line have them: for maps as published alone.
const JET = [[0, 0x73, 0x73, 0xc0], [0.125, 0x73, 0x73, 0xff], [0.375, 0x73, 0xff, 0xff], [0.625, 0xff, 0xff, 0x73], [0.875, 0xff, 0x73, 0x73], [1, 0xc0, 0x73, 0x73]];

/** Colour of a share from 0 to 1 on the scale of published maps. */
export function jetColor(value, colors) {
  const share = Math.max(0, Math.min(1, value ?? 0));
  const upper = Math.max(1, JET.findIndex(([at]) => at >= share));
  const [from, to] = [JET[upper - 1], JET[upper]];
  const mix = (share - from[0]) / (to[0] - from[0]);
  return [...[1, 2, 3].map((i) => Math.round(from[i] + (to[i] - from[i]) * mix)), value === null ? 0 : Math.round(255 * colors.strength)];
}

/** A line of pixels, one for each value. */
export function heatLine(values, limit, colors, isJet = false) {
  const line = new OffscreenCanvas(Math.max(1, values.length), 1);
  const context = line.getContext('2d');
  const pixels = context.createImageData(line.width, 1);
  values.forEach((value, i) => pixels.data.set(isJet ? jetColor(value, colors) : heatColor(value, limit, colors), 4 * i));
  context.putImageData(pixels, 0, 0);
  return line;
}
