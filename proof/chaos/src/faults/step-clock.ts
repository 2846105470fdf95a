import type { Random } from '@backstep/simulation';
import { SERVICES } from '../system/start.js';
import type { Fault } from './fault.js';

/** Seconds, as NTP corrects them, and an hour, as somebody's time zone does. */
const STEPS_S = [-3_600, -90, -5, 5, 90, 3_600];

const drawKind = (random: Random): string => random.pick(SERVICES);

/** The wall clock of one kind of service steps, and steps back. */
export const stepClock: Fault = {
  name: 'clock step',
  weight: 2,
  touches: ['clock'],
  lastsMs: [5_000, 20_000],
  leaves: [],
  notWith: ["Kafka's disk lost"],
  clocks: (random) => [drawKind(random)],
  async apply({ stepClock: step }, random) {
    const kind = drawKind(random);
    const seconds = random.pick(STEPS_S);
    await step(kind, seconds * 1_000);
    return { what: `${kind} by ${seconds} s`, heal: () => step(kind, 0) };
  },
};
