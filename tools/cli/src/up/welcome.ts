import type { RunningEnvironment } from '@backstep/infrastructure';
import { wrapToScreen } from '../shared/screen.js';
import type { Outcome } from '../demo/samples.js';

/** Where everything listens, and what to try: the commands can be pasted as they are. */
export function welcome(environment: RunningEnvironment, outcomes: readonly Outcome[]): string {
  const { gateway, gateways = {}, provider, services, kafka } = environment;
  const undone = outcomes.find(({ order }) => order.failure?.code === 'shipment_refused') ?? outcomes[0];
  const body = JSON.stringify({
    items: [{ sku: 'mug-blue', quantity: 2 }],
    paymentMethod: 'pm_card_visa',
    shippingAddress: { name: 'You', line1: '1 Main Street', city: 'Paris', postalCode: '75001', country: 'FR' },
  });
  return `
  Console    ${gateway}/
  API        ${gateway}/v1   docs ${gateway}/docs${furtherGateways(gateways)}
${wrapToScreen(
  `  Services   ${Object.entries(services)
    .map(([name, url]) => `${name} ${url}`)
    .join('  ')}`,
  11,
)}
  Provider   ${provider}   (stands in for Stripe)
  Kafka      ${kafka.brokers.join(',')}
  Databases  npx backstep env --secrets

  Try next, in another terminal:
    npx backstep events${undone ? ` ${undone.order.id}` : ''}
    curl -i ${gateway}/v1/orders -H 'Idempotency-Key: my-first' -H 'Content-Type: application/json' -d '${body}'
    npx backstep doctor

  Ctrl-C stops it all; the data stays.`;
}

/** Of hosts beside the first: each has a gateway of its own, and whoever is given the first alone is cut off while that host is down. */
const furtherGateways = (gateways: Readonly<Record<string, string>>): string => {
  const [first, ...others] = Object.entries(gateways);
  const [host = ''] = first ?? [];
  return others
    .map(([name, url]) => `\n             ${url}/v1   the same, by ${name}: it answers while ${host} is down`)
    .join('');
};
