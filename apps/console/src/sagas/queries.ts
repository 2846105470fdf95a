import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { read } from '../api/read.js';
import type { Saga, SagaState } from '../api/types.js';

export const SAGAS_PAGE = 100;
const LIST_MS = 3_000;
const LIVE_MS = 1_000;
const RESTING_MS = 15_000;

export interface SagaFilter {
  readonly state?: SagaState | undefined;
  readonly type?: string | undefined;
}

/** A filter as an address has it. */
export const searchOf = ({ state, type }: SagaFilter) => ({ ...(state && { state }), ...(type && { type }) });

const asked = (filter: SagaFilter) => ({ limit: SAGAS_PAGE, ...searchOf(filter) });

/** Those that nothing but an operator moves. */
export const waitingSagasQuery = ({ state, type }: SagaFilter) =>
  queryOptions({
    queryKey: ['waiting-sagas', { state, type }],
    queryFn: ({ signal }) => read('/v1/sagas', { query: { ...asked({ state, type }), waitsFor: 'operator' }, signal }),
    refetchInterval: LIST_MS,
  });

export const sagasQuery = ({ state, type }: SagaFilter) =>
  infiniteQueryOptions({
    queryKey: ['sagas', { state, type }],
    queryFn: ({ pageParam, signal }) =>
      read('/v1/sagas', { query: { ...asked({ state, type }), ...(pageParam && { cursor: pageParam }) }, signal }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    staleTime: Infinity,
  });

/** The newest sagas, asked for again and again: what they say of a saga that is shown may be newer than the list. */
export const newestSagasQuery = ({ state, type }: SagaFilter) =>
  queryOptions({
    queryKey: ['newest-sagas', { state, type }],
    queryFn: ({ signal }) => read('/v1/sagas', { query: asked({ state, type }), signal }),
    refetchInterval: LIST_MS,
  });

const isLive = (saga: Saga | undefined): boolean => saga?.state === 'RUNNING' || saga?.state === 'COMPENSATING';

export const sagaQuery = (sagaId: string) =>
  queryOptions({
    queryKey: ['saga', sagaId],
    queryFn: ({ signal }) => read('/v1/sagas/{sagaId}', { path: { sagaId }, signal }),
    refetchInterval: ({ state }) =>
      isLive(state.data) ? LIVE_MS : state.data?.state === 'STUCK' ? LIST_MS : RESTING_MS,
  });
