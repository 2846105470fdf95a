import type { RunningEnvironment } from '@backstep/infrastructure';
import type { Outcome } from './samples.js';

const money = (minor: number, currency: string): string => `${(minor / 100).toFixed(2)} ${currency}`;

/** How each sample ended, and why. */
export function outcomeTable(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ title, order, tookMs }) => [
    title,
    money(order.total, order.currency),
    order.status,
    `${(tookMs / 1000).toFixed(2)} s`,
    order.failure ? `${order.failure.code}: ${order.failure.message}` : '',
  ]);
  return table(['Sample order', 'Total', 'Ended', 'Took', 'Why'], rows);
}

/** Columns as wide as their widest cell. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, head.map((title) => '─'.repeat(title.length)), ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
    .join('\n');
}

/** Where everything listens, and what to try: the commands can be pasted as they are. */
export function welcome(environment: RunningEnvironment, outcomes: readonly Outcome[]): string {
  const { gateway, provider, services, kafka } = environment;
  const undone = outcomes.find(({ order }) => order.failure?.code === 'shipment_refused') ?? outcomes[0];
  const body = JSON.stringify({
    items: [{ sku: 'mug-blue', quantity: 2 }],
    paymentMethod: 'pm_card_visa',
    shippingAddress: { name: 'You', line1: '1 Main Street', city: 'Paris', postalCode: '75001', country: 'FR' },
  });
  return `
  API        ${gateway}/v1   docs ${gateway}/docs
  Services   ${Object.entries(services)
    .map(([name, url]) => `${name} ${url}`)
    .join('  ')}
  Provider   ${provider}   (stands in for Stripe)
  Kafka      ${kafka.brokers.join(',')}
  Databases  npx backstep env

  Try next, in another terminal:
    npx backstep events${undone ? ` ${undone.order.id}` : ''}
    curl -i ${gateway}/v1/orders -H 'Idempotency-Key: my-first' -H 'Content-Type: application/json' -d '${body}'
    npx backstep doctor

  Ctrl-C stops it all; the data stays.`;
}
