import { z } from 'zod';

/** RFC 3339, UTC. */
export const Time = z.iso.datetime();

export const Version = z.int().min(1).meta({ description: 'Counts the changes; the number in the ETag' });
