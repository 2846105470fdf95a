import { expect, it } from '@jest/globals';
import type { Cell, Load, Variant } from './compare.js';
import { belowTheFloor } from './floors.js';

/** Goal: `npm run bench -- adaptive` fails when adaptive() is below its floors, and does not for one bad round. Method: cells that are made up. */
const cell = (
  round: number,
  load: Load,
  variant: Variant,
  perSecond: number,
  lockedAfterMs: number | null = null,
): Cell => ({
  ...{ round, load, variant, perSecond, lockedAfterMs },
  ...{ p99Ms: 1, lost: 0, locked: 0 },
});

/** @param zipf of each round, the rate of adaptive() against 1,000 with locks at once, and when the hottest key was locked */
const run = (zipf: readonly (readonly [number, number | null])[], uniform: readonly number[]): Cell[] => [
  ...zipf.flatMap(([rate, lockedAfterMs], round) => [
    cell(round, 'zipf', 'adaptive', rate, lockedAfterMs),
    cell(round, 'zipf', 'locks at once', 1_000),
  ]),
  ...uniform.flatMap((rate, round) => [
    cell(round, 'uniform', 'adaptive', rate),
    cell(round, 'uniform', 'optimistic only', 1_000),
  ]),
];

it.each<[string, Cell[], string[]]>([
  ['at its floors', run([[700, 3_000]], [900]), []],
  [
    'below them in one round of three',
    run(
      [
        [100, null],
        [900, 500],
        [950, 400],
      ],
      [100, 950, 990],
    ),
    [],
  ],
  [
    'below the floor of the skewed load',
    run([[690, 500]], [950]),
    ['zipf: adaptive does 0.69 of locks at once, and must do 0.7'],
  ],
  [
    'below the floor of the uniform load in two rounds of three',
    run(
      [
        [900, 500],
        [900, 500],
        [900, 500],
      ],
      [800, 890, 990],
    ),
    ['uniform: adaptive does 0.89 of optimistic only, and must do 0.9'],
  ],
  [
    'never locked',
    run([[900, null]], [950]),
    ['zipf: the hottest key is locked after Infinity ms, and must be within 3000 ms'],
  ],
])('a comparison with adaptive() %s is told as it is', (_, cells, told) => {
  expect([...belowTheFloor(cells)]).toEqual(told);
});
