import { expect, it } from '@jest/globals';
import type { KeyContention } from '../shared/representations.js';
import { keyText } from './render-key.js';

/** Goal: the terminal says of a key what the console says: how it is taken, since when, by which numbers, and what was decided before. */
const conflicts = { rule: 'conflicts', measured: 0.31, threshold: 0.15, attempts: 64 } as const;
const over = { rule: 'time_over', measured: 5_000, threshold: 5_000, attempts: null } as const;

const told: KeyContention = {
  ...{ service: 'inventory', entity: 'Stock', key: 'teapot' },
  declared: { strategy: 'adaptive', enter: 0.15, leave: 0.05 },
  hot: { strategy: 'locked', since: '2026-11-28T08:18:51.624Z', why: conflicts, attempts: 200, lost: 62 },
  items: [
    { at: '2026-11-28T08:18:51.624Z', from: 'optimistic', to: 'locked', why: conflicts },
    { at: '2026-11-28T08:18:50.100Z', from: 'locked', to: 'optimistic', why: over },
  ],
};

it('a key is told with the reason for which it is locked, and the decisions before', () => {
  const lines = keyText(told).split('\n');
  expect(lines.map((line) => line.replaceAll(/ +/g, ' '))).toEqual([
    'Key inventory Stock teapot',
    'Declared adaptive: locked above 15 of 100 lost, forgotten below 5',
    'Taken locked since 2026-11-28 08:18:51.624',
    'Because 31 of 100 writes met a conflict (64 counted), above 15',
    'Last minute 200 writes, 62 lost',
    '',
    'At From To Because',
    '2026-11-28 08:18:51.624 optimistic locked 31 of 100 writes met a conflict (64 counted), above 15',
    '2026-11-28 08:18:50.100 locked optimistic locked for 5.00 s, tried without locks',
  ]);
});

it('a key that nobody fights for is told as such', () => {
  const text = keyText({ ...told, declared: { strategy: 'locked', enter: null, leave: null }, hot: null, items: [] });
  expect(text).toContain('not among the ten keys that conflict most');
  expect(text).toContain('Nothing was decided about it in the last hour.');
});
