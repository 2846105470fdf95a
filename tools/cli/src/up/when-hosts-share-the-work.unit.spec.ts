import { describe, expect, it } from '@jest/globals';
import type { RunningEnvironment } from '@backstep/infrastructure';
import { asText } from '../env/env.command.js';
import { welcome } from './welcome.js';

/** Goal: whoever starts several hosts is told the gateway of each, and what the others are for. */
const one: RunningEnvironment = {
  gateway: 'http://127.0.0.1:3000',
  provider: 'http://127.0.0.1:3006',
  services: { order: 'http://127.0.0.1:3001' },
  databases: {},
  kafka: { brokers: ['127.0.0.1:9092'] },
  topics: [],
  consumerGroups: [],
  processes: {},
};
const SECOND = 'http://127.0.0.1:10007';
const two = { ...one, gateways: { host: one.gateway, 'host-2': SECOND } };
const linesWith = (text: string, what: string): string[] => text.split('\n').filter((line) => line.includes(what));

describe('several hosts', () => {
  it('several hosts have a line each after the start, which says when the second is needed', () => {
    expect(linesWith(welcome(two, []), SECOND)).toEqual([
      `             ${SECOND}/v1   the same, by host-2: it answers while host is down`,
    ]);
    expect(welcome(one, [])).not.toContain('the same');
  });

  it('several hosts have a line each in what `backstep env` shows', () => {
    expect(linesWith(asText(two), 'gateway')).toEqual([
      'gateway                 http://127.0.0.1:3000',
      'gateway of host         http://127.0.0.1:3000',
      `gateway of host-2       ${SECOND}`,
    ]);
    expect(linesWith(asText(one), 'gateway')).toHaveLength(1);
  });
});
