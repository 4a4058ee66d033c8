import { Html, html } from './html';
import { measureText, type TextWidth } from './textWidth';

export const badgeStyles = ['flat', 'flat-square'] as const;

export interface Badge {
  /** Text of the left half. Empty: the badge has no left half. */
  label: string;
  /** Text of the right half. */
  message: string;
  style: (typeof badgeStyles)[number];
  /** Background of the right half, as six hexadecimal digits. */
  color: string;
  /** Background of the left half, as six hexadecimal digits. */
  labelColor: string;
}

const height = 20;
const paddingPixels = 5;

/** Draws the picture for a README: the label on the left, the message on the right. */
export function drawBadge({ label, message, style, color, labelColor }: Badge): string {
  const left = label === '' ? { width: 0, text: new Html('') } : drawHalf(label, 0, labelColor);
  const right = drawHalf(message, left.width, color);
  const width = left.width + right.width;
  const title = label === '' ? message : `${label}: ${message}`;
  const round = style === 'flat';
  const gradient = html`
<linearGradient id="shade" x2="0" y2="100%"><stop offset="0" stop-color="#bbb" stop-opacity=".1"/><stop offset="1" stop-opacity=".1"/></linearGradient>`;
  const shade = html`<rect width="${width}" height="${height}" fill="url(#shade)"/>`;
  const empty = new Html('');
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">
<title>${title}</title>${round ? gradient : empty}
<clipPath id="edge"><rect width="${width}" height="${height}" rx="${round ? 3 : 0}"/></clipPath>
<g clip-path="url(#edge)"><rect width="${left.width}" height="${height}" fill="#${labelColor}"/><rect x="${left.width}" width="${right.width}" height="${height}" fill="#${color}"/>${round ? shade : empty}</g>
<g text-anchor="middle" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11" text-rendering="geometricPrecision">${left.text}${right.text}</g>
</svg>
`.text;
}

/** @param color the background, which decides whether the text is light or dark */
function drawHalf(text: string, x: number, color: string): { width: number; text: Html } {
  const measured = measureText(text);
  const width = Math.round(measured.pixels) + 2 * paddingPixels;
  const ink = isLight(color) ? { fill: '#333', shadow: '#ccc' } : { fill: '#fff', shadow: '#010101' };
  const draw = (y: number, look: Html) =>
    html`<text x="${x + width / 2}" y="${y}"${fit(measured)}${look}>${text}</text>`;
  const shadow = draw(15, html` fill="${ink.shadow}" fill-opacity=".3" aria-hidden="true"`);
  return { width, text: html`${shadow}${draw(14, html` fill="${ink.fill}"`)}` };
}

/** Keeps the text inside its half if the viewer has another font. An estimated width would only distort the letters. */
function fit({ pixels, isExact }: TextWidth): Html {
  return isExact ? html` textLength="${Math.round(pixels)}"` : new Html('');
}

/** Perceived brightness, https://www.w3.org/TR/AERT/#color-contrast, at the threshold that shields.io uses. */
function isLight(color: string): boolean {
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  return (red * 299 + green * 587 + blue * 114) / 255_000 > 0.69;
}
