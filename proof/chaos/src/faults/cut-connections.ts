import type { Random } from '@backstep/simulation';
import { LINKS, type LinkName, type Mood } from '../system/links.js';
import type { Applied, Fault } from './fault.js';
import type { World } from '../world.js';

const LINKS_MAX = 3;
/** Of each piece of data. Higher, and nothing passes at all, which the mood `refuse` is for. */
const CHANCES = [0.03, 0.1, 0.3];

const drawLinks = (random: Random): readonly LinkName[] => [
  ...new Set(Array.from({ length: random.between(1, LINKS_MAX) }, () => random.pick(LINKS))),
];

export function drawCut(random: Random): Mood {
  const chance = random.pick(CHANCES);
  return random.pick<Mood>([
    { kind: 'refuse' },
    { kind: 'cut before the request', chance },
    { kind: 'cut before the answer', chance },
    { kind: 'cut in half a message', chance },
  ]);
}

export const drawDelay = (random: Random): Mood => {
  const minMs = random.pick([5, 50, 400]);
  return { kind: 'slow', minMs, maxMs: minMs * 5 };
};

export function onLinks(names: readonly LinkName[], mood: Mood, { links }: World, random: Random): Applied {
  for (const name of names) links.behave(name, mood, random);
  return {
    what: `${names.join(', ')}: ${describe(mood)}`,
    heal: () => {
      for (const name of names) links.behave(name, { kind: 'fair' });
      return Promise.resolve();
    },
  };
}

const describe = (mood: Mood): string =>
  'chance' in mood
    ? `${mood.kind}, chance ${mood.chance}`
    : 'minMs' in mood
      ? `${mood.kind}, ${mood.minMs} to ${mood.maxMs} ms`
      : mood.kind;

/** Connections between any two parts are cut: before the request, before the answer, in half a message, or refused. */
export const cutConnections: Fault = {
  name: 'connections cut',
  weight: 5,
  touches: ['links'],
  lastsMs: [2_000, 12_000],
  leaves: [],
  links: drawLinks,
  apply: (world, random) => Promise.resolve(onLinks(drawLinks(random), drawCut(random), world, random)),
};

/** What is sent arrives late: replies come after their timeouts, and after what was said later elsewhere. */
export const delayMessages: Fault = {
  name: 'connections slow',
  weight: 3,
  touches: ['links'],
  lastsMs: [4_000, 15_000],
  leaves: [],
  links: drawLinks,
  apply: (world, random) => Promise.resolve(onLinks(drawLinks(random), drawDelay(random), world, random)),
};

/** A partition of the network that nobody is told of: open connections on which nothing arrives. */
export const silenceConnections: Fault = {
  name: 'connections silent',
  weight: 3,
  touches: ['links'],
  lastsMs: [4_000, 15_000],
  leaves: [],
  links: drawLinks,
  apply: (world, random) => Promise.resolve(onLinks(drawLinks(random), { kind: 'silent' }, world, random)),
};
