import { describe, expect, it } from '@jest/globals';
import { createLogger } from '../logging/logger.js';
import { Metrics } from '../metrics/metrics.js';
import { countLogResets } from './observe.js';

/** Goal: who watches metrics sees that Kafka lost what it had acknowledged, in which topic, and how that showed. */
describe('a log that is found to be another than the one that was read', () => {
  it('is counted, by topic and reason', async () => {
    const metrics = new Metrics(
      'order',
      createLogger({ service: 'order', level: 'info', destination: { write: () => undefined } }),
    );
    const count = countLogResets(metrics);
    count({ topic: 'order.commands', reason: 'beyond the log' });
    count({ topic: 'order.commands', reason: 'beyond the log' });
    count({ topic: 'order.commands', reason: 'another log' });
    const lines = (await metrics.scrape()).split('\n').filter((line) => line.startsWith('backstep_log_resets_total'));
    expect(lines).toEqual([
      'backstep_log_resets_total{topic="order.commands",reason="beyond the log",service="order"} 2',
      'backstep_log_resets_total{topic="order.commands",reason="another log",service="order"} 1',
    ]);
  });
});
