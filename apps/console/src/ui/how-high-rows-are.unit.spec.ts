import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROW_PX } from './density.js';

/** Goal: what is virtual and what is styled are rows of one height. Method: the numbers of the one, and the style sheet of the other. */
it('a row is as high in the style sheet as in lists that are virtual, in both densities', () => {
  const css = readFileSync(join(import.meta.dirname, '../style/base.css'), 'utf8');
  const [compact, comfortable] = [...css.matchAll(/--row: (\d+)px;/g)].map(([, px]) => Number(px));
  expect({ compact, comfortable }).toEqual(ROW_PX);
});
