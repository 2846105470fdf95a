import type { Random } from '@backstep/simulation';
import { EXPRESS_LINKS, type LinkName, type Mood } from '../system/links.js';
import { drawCut, drawDelay, onLinks } from './cut-connections.js';
import type { Fault } from './fault.js';

const LINKS_MAX = 4;

const drawLinks = (random: Random): readonly LinkName[] => [
  ...new Set(Array.from({ length: random.between(1, LINKS_MAX) }, () => random.pick(EXPRESS_LINKS))),
];

const ofExpress = (name: string, lastsMs: Fault['lastsMs'], mood: (random: Random) => Mood): Fault => ({
  name,
  weight: 4,
  touches: ['express'],
  lastsMs,
  leaves: ['expressDisturbed'],
  wants: 'sockets',
  links: drawLinks,
  apply: (world, random) => Promise.resolve(onLinks(drawLinks(random), mood(random), world, random)),
});

/** What was handed over last did not arrive, or half of it did; or nobody can be reached. */
export const cutExpress = ofExpress('express cut', [2_000, 10_000], drawCut);

/** Messages are handed over after Kafka has brought them, and after what was said later on other ways. */
export const delayExpress = ofExpress('express slow', [3_000, 12_000], drawDelay);

/** The connection is there and nothing arrives; when it heals, all of it does, long after Kafka's copies. */
export const silenceExpress = ofExpress('express silent', [2_000, 12_000], () => ({ kind: 'silent' }));

/** The sender's end of a connection whose other end is gone: what it hands over is lost, and it is not told. */
export const halveExpress = ofExpress('express half open', [2_000, 12_000], () => ({ kind: 'half open' }));
