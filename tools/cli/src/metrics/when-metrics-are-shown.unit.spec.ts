import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROOT } from '@backstep/infrastructure';
import { samplesIn } from './samples.js';
import { readingsOf, WATCHED } from './watched.js';

/** Goal: of all that services count, that is shown which the operations page says to look at, and what is wrong now is marked. */
const TEXT = `
# HELP backstep_parked_messages Messages put aside
# TYPE backstep_parked_messages gauge
backstep_parked_messages{service="payment",state="poisoned"} 2
backstep_parked_messages{service="payment",state="held"} 5
backstep_outbox_oldest_age_seconds{service="payment"} 0.25
backstep_http_request_duration_seconds_bucket{le="0.1",method="GET",route="/a",status="200",service="payment"} 3
backstep_http_request_duration_seconds_sum{method="GET",route="/a",status="200",service="payment"} 0.03
backstep_http_request_duration_seconds_count{method="GET",route="/a",status="200",service="payment"} 3
backstep_http_request_duration_seconds_sum{method="GET",route="/b \\"c\\"",status="204",service="payment"} 0.05
backstep_http_request_duration_seconds_count{method="GET",route="/b \\"c\\"",status="204",service="payment"} 1
nodejs_eventloop_lag_seconds{service="payment"} 0.001
not a sample
`;
const shown = readingsOf('payment', samplesIn(TEXT)).map(({ metric, labels, text, look }) => [
  metric.replace('backstep_', ''),
  Object.values(labels).join(' '),
  text,
  look,
]);

describe('the metrics of a service', () => {
  it('the metrics shown are the watched ones, and what is wrong now is marked', () => {
    expect(shown).toEqual([
      ['outbox_oldest_age_seconds', '', '250 ms', false],
      ['parked_messages', 'poisoned', '2', true],
      ['parked_messages', 'held', '5', false],
      ['http_request_duration_seconds', '2xx', '4 × 20 ms', false],
    ]);
  });

  it('metrics with quotes in their labels are read', () => {
    expect(samplesIn(TEXT).find(({ labels }) => labels['status'] === '204')?.labels['route']).toBe('/b "c"');
  });

  it('the watched metrics are exactly those of the operations page', () => {
    const page = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `(backstep_\w+)` +\|[^|]*\|[^|]*\| *(.*?) *\|$/gm)];
    const looked = rows.filter(([, , when]) => when !== '').map(([, name]) => name);
    expect(looked.length).toBeGreaterThan(10);
    expect([...WATCHED].map(({ name }) => name).sort()).toEqual(looked.sort());
  });
});
