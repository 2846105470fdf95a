import { z } from 'zod';
import { operation } from '../api/operation.js';

/** What the platform serves in every service; declared here for the document alone. */

const Readiness = z
  .object({
    status: z.enum(['ok', 'down']),
    service: z.string(),
    reason: z.string().optional(),
    checks: z.record(
      z.string(),
      z.object({ status: z.enum(['ok', 'down']), detail: z.string().optional(), durationMs: z.int() }),
    ),
  })
  .meta({ id: 'Readiness' });

const Liveness = z
  .object({
    status: z.literal('ok'),
    instance: z.string().optional().meta({ description: 'Which running system it belongs to, when it was told' }),
  })
  .meta({ id: 'Liveness' });

const headers = { 'Cache-Control': '`no-store`' };

export const live = operation({
  id: 'live',
  method: 'GET',
  path: '/health/live',
  tag: 'Operation',
  summary: 'Whether the process runs',
  answers: {
    200: {
      description: 'It does',
      content: { 'application/json': Liveness },
      headers,
    },
  },
});

export const ready = operation({
  id: 'ready',
  method: 'GET',
  path: '/health/ready',
  tag: 'Operation',
  summary: 'Whether it takes requests',
  description:
    'It does from its start until it drains. A service or Kafka being away takes only what needs it away: that answers 503.',
  answers: {
    200: { description: 'It does', content: { 'application/json': Readiness }, headers },
    503: { description: 'It does not, and why', content: { 'application/json': Readiness }, headers },
  },
});
