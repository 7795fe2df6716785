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

/** A line of pixels, one for each value. */
export function heatLine(values, limit, colors) {
  const line = new OffscreenCanvas(Math.max(1, values.length), 1);
  const context = line.getContext('2d');
  const pixels = context.createImageData(line.width, 1);
  values.forEach((value, i) => pixels.data.set(heatColor(value, limit, colors), 4 * i));
  context.putImageData(pixels, 0, 0);
  return line;
}
