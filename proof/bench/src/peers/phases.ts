import type { LoadShape } from '../load/load.js';

export interface Phase {
  /** As tables name it. */
  readonly name: string;
  /** undefined: nothing is ordered. */
  readonly load: LoadShape | undefined;
}

export const PHASE_GROUPS = ['quiet', 'flood'] as const;
export type PhaseGroup = (typeof PHASE_GROUPS)[number];

const open = (perSecond: number): Phase => ({ name: `${perSecond}/s`, load: { kind: 'open', perSecond } });
const closed = (clients: number): Phase => ({ name: `${clients} in flight`, load: { kind: 'closed', clients } });

/**
 * Quiet before the flood, as a user meets a system. After a flood its code is compiled and its heaps are grown, and it is another one: the
 * quiet phases cost half then.
 */
export const PHASES: Readonly<Record<PhaseGroup, readonly Phase[]>> = {
  quiet: [20, 100, 200].map(open),
  flood: [16, 64, 256].map(closed),
};

/** Nothing is ordered for a while, after the warm-up: queues are empty, and what the system uses by itself is seen. */
export const IDLE: Phase = { name: 'idle', load: undefined };
export const WARM_UP: LoadShape = { kind: 'closed', clients: 32 };
