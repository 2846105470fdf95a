import { queryOptions } from '@tanstack/react-query';
import { read } from '../api/read.js';

/** How often the processes and faults are asked for: they move by themselves. */
const FAULTS_EVERY_MS = 1_000;
/** The pause between two examinations: as long as so many of them take, so that looking takes at most a sixth of the time. */
const EXAMINATION_PAUSES = 5;
const EXAMINED_EVERY_MS = { min: 2_500, max: 30_000 };

export const faultsQuery = queryOptions({
  queryKey: ['faults'],
  queryFn: ({ signal }) => read('/v1/dev/faults', { signal }),
  refetchInterval: FAULTS_EVERY_MS,
});

export const doctorQuery = queryOptions({
  queryKey: ['doctor'],
  queryFn: ({ signal }) => read('/v1/dev/doctor', { signal }),
  refetchInterval: ({ state }) =>
    Math.min(EXAMINED_EVERY_MS.max, Math.max(EXAMINED_EVERY_MS.min, EXAMINATION_PAUSES * (state.data?.tookMs ?? 0))),
  // Whoever is away is examined again in a moment anyway, and each time is a look at the whole system.
  retry: false,
});
