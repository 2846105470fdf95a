import { describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { MessagingMetrics } from './messaging-metrics.js';
import { countLogResets } from './observe.js';

/** Goal: metrics show that Kafka has lost acknowledged messages, in which topic, and by which sign. */
describe('a Kafka log that was replaced', () => {
  it('a log that was cut or replaced is counted by topic and reason', async () => {
    const registry = new Registry();
    const metrics = new MessagingMetrics(registry);
    const count = countLogResets(metrics);
    count({ topic: 'oven.commands', reason: 'beyond the log' });
    count({ topic: 'oven.commands', reason: 'beyond the log' });
    count({ topic: 'oven.commands', reason: 'another log' });
    const lines = (await registry.metrics()).split('\n').filter((line) => line.startsWith('backstep_log_resets_total'));
    expect(lines).toEqual([
      'backstep_log_resets_total{topic="oven.commands",reason="beyond the log"} 2',
      'backstep_log_resets_total{topic="oven.commands",reason="another log"} 1',
    ]);
  });
});
