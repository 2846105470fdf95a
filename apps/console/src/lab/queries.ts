import { queryOptions } from '@tanstack/react-query';
import { read } from '../api/read.js';
import { UNTOLD_PAUSES } from '../stream/use-answers.js';

/** How often the processes and faults are asked for: they move by themselves. */
const FAULTS_EVERY_MS = 1_000;
/** The pause between two examinations: as long as so many of them take, so that looking takes at most a sixth of the time. */
const EXAMINATION_PAUSES = 5;
const EXAMINED_EVERY_MS = { min: 2_500, max: 30_000 };
/** Told once in a pause; one that is not told after two is asked for, which says why. */
const UNTOLD_EXAMINATIONS = 2;

export const FAULTS_KEY = ['faults'] as const;
export const DOCTOR_KEY = ['doctor'] as const;

/** @param isTold by a stream: then what it has not told for long is asked for */
export const faultsQuery = (isTold: boolean) =>
  queryOptions({
    queryKey: FAULTS_KEY,
    queryFn: ({ signal }) => read('/v1/dev/faults', { signal }),
    refetchInterval: (isTold ? UNTOLD_PAUSES : 1) * FAULTS_EVERY_MS,
  });

export const doctorQuery = (isTold: boolean) =>
  queryOptions({
    queryKey: DOCTOR_KEY,
    queryFn: ({ signal }) => read('/v1/dev/doctor', { signal }),
    refetchInterval: ({ state }) => (isTold ? UNTOLD_EXAMINATIONS : 1) * pauseMsAfter(state.data?.tookMs ?? 0),
    // Whoever is away is examined again in a moment anyway, and each time is a look at the whole system.
    retry: false,
  });

const pauseMsAfter = (tookMs: number): number =>
  Math.min(EXAMINED_EVERY_MS.max, Math.max(EXAMINED_EVERY_MS.min, EXAMINATION_PAUSES * tookMs));
