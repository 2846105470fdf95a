import { expect, it } from '@jest/globals';
import { COLOURS } from './style.js';

/**
 * Goal: everybody can read the page (WCAG 2.2, 1.4.3: 4.5 to 1) and see where a field ends (1.4.11: 3 to 1). Method: the formula of WCAG, for
 * each colour on each ground.
 */
const LEAST: Readonly<Record<string, number>> = { edge: 3 };
const channel = (value: number): number => {
  const part = value / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
};
const luminance = (colour: string): number => {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => channel(Number.parseInt(colour.slice(at, at + 2), 16)));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const contrast = (one: string, other: string): number => {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};

it.each(Object.entries(COLOURS))('every colour of the %s page has enough contrast', (_, colours) => {
  const grounds = { page: colours.page, code: colours.code, line: colours.line };
  for (const [name, colour] of Object.entries(colours).filter(([one]) => !(one in grounds))) {
    for (const ground of [colours.page, colours.code])
      expect([name, contrast(colour, ground) >= (LEAST[name] ?? 4.5)]).toEqual([name, true]);
  }
});
