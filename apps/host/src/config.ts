import { type Config, declare, text } from '@backstep/service';
import { z } from 'zod';
import { type HostedService, SERVICES } from './services.js';

const NAMES = Object.keys(SERVICES) as [HostedService, ...HostedService[]];
/** Two of a name would share a database, a port and a place in the consumer group. */
const EXPECTED = `any of ${NAMES.join(', ')}, each at most once, divided by commas`;

const serviceNames = () =>
  z
    .string()
    .transform((value) => value.split(',').map((name) => name.trim()))
    .pipe(z.array(z.enum(NAMES, EXPECTED)).refine((names) => new Set(names).size === names.length, EXPECTED));

export const HOST_CONFIG = declare({
  BACKSTEP_SERVICES: {
    schema: serviceNames(),
    default: NAMES,
    description: 'The services that this process runs, divided by commas',
  },
  BACKSTEP_HOST: {
    schema: text({ max: 100 }),
    default: '',
    description:
      "What tells this process from other hosts: the consumer groups deal shards by it. When it is not set, the machine's name and the pid",
  },
});
export type HostConfig = Config<typeof HOST_CONFIG>;
