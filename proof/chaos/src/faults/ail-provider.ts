import { PROVIDER_LINK, type Mood } from '../system/links.js';
import { onLinks } from './cut-connections.js';
import type { Fault } from './fault.js';

const AILMENTS: readonly Mood[] = [
  { kind: 'answer 503' },
  // Charged, and nobody told.
  { kind: 'cut before the answer', chance: 0.5 },
  { kind: 'cut in half a message', chance: 0.5 },
  { kind: 'slow', minMs: 1_000, maxMs: 4_000 },
  { kind: 'silent' },
];

/** The payment provider is slow, says 503, or charges and loses the answer. */
export const ailProvider: Fault = {
  name: 'provider ails',
  weight: 3,
  touches: ['links'],
  lastsMs: [3_000, 15_000],
  leaves: [],
  links: () => [PROVIDER_LINK],
  apply: (world, random) => Promise.resolve(onLinks([PROVIDER_LINK], random.pick(AILMENTS), world, random)),
};
