import { queryOptions } from '@tanstack/react-query';
import { read } from '../api/read.js';
import { UNTOLD_PAUSES } from '../stream/use-answers.js';
import type { KeyName } from './contention-search.js';

/** Whoever is asked tells its own as of now; the other instances tell every five seconds. */
const LIVE_MS = 2_000;

export const CONTENTION_KEY = ['contention'] as const;

/** @param isTold by a stream */
export const contentionQuery = (isTold: boolean) =>
  queryOptions({
    queryKey: CONTENTION_KEY,
    queryFn: ({ signal }) => read('/v1/contention', { signal }),
    refetchInterval: isTold ? UNTOLD_PAUSES * LIVE_MS : LIVE_MS,
  });

/** Asked again when the list is: see `KeyPanel`. */
export const contentionKeyQuery = (path: KeyName) =>
  queryOptions({
    queryKey: ['contention-key', path],
    queryFn: ({ signal }) => read('/v1/contention/keys/{service}/{entity}/{key}', { path: { ...path }, signal }),
  });
