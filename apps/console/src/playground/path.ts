import type { SagaDefinition } from '../api/types.js';

type Step = SagaDefinition['steps'][number];

/** Why a service will answer no, or will not take a step back; by service. */
export interface Circumstances {
  readonly refusals: Readonly<Record<string, string>>;
  readonly neverUndone: Readonly<Record<string, string>>;
}

/** One command and its answer. */
export interface Leg {
  readonly step: string;
  readonly direction: 'forward' | 'undo';
  /** Whom the orchestrator asks. */
  readonly service: string;
  readonly command: string;
  /** undefined: it is asked again and again, and nobody answers. */
  readonly answer: string | undefined;
  readonly meaning: 'done' | 'refused' | 'undone' | 'unanswered';
  readonly because: string | undefined;
}

export interface Path {
  readonly startsOn: string;
  readonly legs: readonly Leg[];
  /** Behind this leg there is no way back; undefined where the way does not get there. */
  readonly pivot: number | undefined;
  /** How the saga ends. */
  readonly ends: 'COMPLETED' | 'COMPENSATED' | 'STUCK';
}

/**
 * The way that a saga will take, walked over its definition: forward until a service says no, then back over what was done, the latest first.
 * Nothing is asked, and nothing but the definition knows the steps.
 */
export function pathOf(definition: SagaDefinition, { refusals, neverUndone }: Circumstances): Path {
  const { startsOn, steps, whenUndone } = definition;
  const legs: Leg[] = [];
  const done: Step[] = [];
  let pivot: number | undefined;
  for (const step of steps) {
    const because = step.refused === null ? undefined : refusals[step.service];
    if (because !== undefined) {
      legs.push(forward(step, step.refused, 'refused', because));
      return { startsOn, pivot: undefined, ...wayBack(legs, done, whenUndone, neverUndone) };
    }
    legs.push(forward(step, step.done, 'done'));
    if (step.kind === 'pivot') pivot = legs.length - 1;
    done.push(step);
  }
  return { startsOn, legs, pivot, ends: 'COMPLETED' };
}

function wayBack(
  legs: readonly Leg[],
  done: readonly Step[],
  whenUndone: Step | null,
  neverUndone: Circumstances['neverUndone'],
): Pick<Path, 'legs' | 'ends'> {
  const back: Leg[] = [];
  for (const { name: step, service, undo, undone } of done.toReversed()) {
    if (undo === null) continue;
    const because = neverUndone[service];
    const leg = { step, direction: 'undo' as const, service, command: undo };
    if (because !== undefined) {
      back.push({ ...leg, answer: undefined, meaning: 'unanswered', because });
      return { legs: [...legs, ...back], ends: 'STUCK' };
    }
    back.push({ ...leg, answer: undone ?? undefined, meaning: 'undone', because: undefined });
  }
  const last = whenUndone ? [forward(whenUndone, whenUndone.done, 'done')] : [];
  return { legs: [...legs, ...back, ...last], ends: 'COMPENSATED' };
}

const forward = (step: Step, answer: string | null, meaning: Leg['meaning'], because?: string): Leg => ({
  step: step.name,
  direction: 'forward',
  service: step.service,
  command: step.send,
  answer: answer ?? undefined,
  meaning,
  because,
});

/** The newest version of a saga that the event starts. */
export const startedBy = (event: string, definitions: readonly SagaDefinition[]): SagaDefinition | undefined =>
  definitions
    .filter(({ startsOn }) => startsOn === event)
    .reduce<SagaDefinition | undefined>(
      (newest, one) => (newest && newest.version >= one.version ? newest : one),
      undefined,
    );
