import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { many } from '../api/many.js';
import { read } from '../api/read.js';
import { BEGINS_WITH } from '../api/system-query.js';
import type { OrderWithSaga, SagaDefinition } from '../api/types.js';
import { useStream } from '../stream/use-stream.js';
import { Allowance } from './allowance.js';
import { admitted, type Flow, flowWith, SHOWN_MAX, type Told, type Vocabulary } from './flow.js';
import { inOrderOf, meaningsOf } from './meanings.js';
import { type Second, stripWith } from './strip.js';

/** Of the newest orders so many are read with their sagas when the page is opened: what they did before is told by no stream. */
const READ_MAX = 16;

/** Outlives the page: who comes back sees the minutes in which it was open, and a gap. */
let strip: readonly Second[] = [];

const recentQuery = (definitions: number) => ({
  // What was read before the sagas were known is read again: nothing else says what its steps were.
  queryKey: ['live-recent', definitions],
  queryFn: async ({ signal }: { readonly signal: AbortSignal }): Promise<Told> => {
    const { items } = await read('/v1/orders', { query: { limit: SHOWN_MAX }, signal });
    const whole: OrderWithSaga[] = [];
    const readOne = async (number: number): Promise<void> => {
      const orderId = items[number - 1]?.id;
      // One that cannot be read is shown as the list has it.
      const order =
        orderId && (await read('/v1/orders/{orderId}', { path: { orderId }, signal }).catch(() => undefined));
      if (order) whole.push(order);
    };
    await many(Math.min(items.length, READ_MAX), readOne, () => undefined, signal);
    return { orders: [...items, ...whole] };
  },
  staleTime: Infinity,
  refetchOnMount: 'always' as const,
});

/** Messages of one telling, above which nobody could follow the coming of each. */
const MUCH = 20;

export interface Watched {
  readonly flow: Flow;
  readonly strip: readonly Second[];
  /** What was told since the page was paused, and is held back. */
  readonly held: number;
  /** Orders that came too fast to be read, and got no row. */
  readonly passed: number;
}

/** What is shown at first. */
const atFirst = (): Watched => ({ flow: new Map(), strip, held: 0, passed: 0 });

/**
 * What is shown, and while it is paused, what it was then.
 * @param definitions undefined: not known yet; null: nobody says them, so no message is known to mean anything
 */
export function useFlow(definitions: readonly SagaDefinition[] | null | undefined, isPaused: boolean) {
  const recent = useQuery({ ...recentQuery(definitions?.length ?? 0), enabled: definitions !== undefined });
  const words = useMemo(() => vocabularyOf(definitions ?? []), [definitions]);
  const latest = useRef<Pick<Watched, 'flow' | 'passed'>>(atFirst());
  const allowance = useRef<Allowance>(undefined);
  const [shown, setShown] = useState<Watched>(atFirst);
  const isMuch = useRef(false);
  const tell = (told: Told, count: number): void => {
    isMuch.current = count > MUCH;
    const rows = (allowance.current ??= new Allowance(() => performance.now()));
    const now = admitted(flowWith(latest.current.flow, told, words), rows.left());
    rows.use(now.shown);
    latest.current = { flow: now.flow, passed: latest.current.passed + now.passed };
    setShown((before) => (isPaused ? { ...before, held: before.held + count } : { ...latest.current, strip, held: 0 }));
  };
  useEffect(() => {
    if (recent.data) tell(recent.data, 0);
  }, [recent.data, words]);
  useEffect(() => {
    if (!isPaused) setShown({ ...latest.current, strip, held: 0 });
  }, [isPaused]);
  useStream({ sagas: true, messages: true }, ({ orders, sagas, messages, tick, gap }) => {
    if (tick) strip = stripWith(strip, tick);
    tell({ changes: orders, sagas, messages }, messages.length);
    if (gap.orders || gap.messages) void recent.refetch();
  });
  const mayGrow = useCallback(() => !isMuch.current, []);
  return { ...shown, recent, mayGrow };
}

function vocabularyOf(definitions: readonly SagaDefinition[]): Vocabulary {
  const ordered = inOrderOf(BEGINS_WITH, definitions);
  const steps = ordered.flatMap(({ steps: all, whenUndone }) => (whenUndone ? [...all, whenUndone] : all));
  return {
    meanings: meaningsOf(ordered),
    serviceOf: new Map(steps.map(({ name, service }) => [name, service])),
    beginsWith: BEGINS_WITH,
  };
}
