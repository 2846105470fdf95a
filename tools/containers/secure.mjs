/** What the Kafka of compose.secure.yml refuses, asked from where a service that was broken into would ask. */

/** Runs in the container of a service, as its user. Its last line says what Kafka answered. */
const SAYS_CHARGED = `
  import { CATALOGUE, PaymentCharged } from '@backstep/contracts';
  import { message, newId } from '@backstep/messages';
  import { KafkaPublisher, kafkaSecurityFrom } from '@backstep/kafka';
  const security = process.env.NOBODY ? undefined : kafkaSecurityFrom(process.env);
  const publisher = new KafkaPublisher({ brokers: process.env.KAFKA_BROKERS.split(','), clientId: 'forger', security });
  const data = { orderId: newId(), paymentIntentId: newId(), providerReference: 'pi_1', amount: 100, currency: 'EUR' };
  const forged = CATALOGUE.encode(message(PaymentCharged, data, { source: 'payment', commandId: newId() }));
  const answer = await publisher.publish([forged]).then(() => 'taken', (error) => error.message);
  console.log(answer);
  process.exit();
`;

/** @throws Error naming who was not refused */
export async function kafkaIsClosed(compose) {
  const tries = [
    { as: 'shipment', refused: /TOPIC_AUTHORIZATION_FAILED/ },
    { as: 'orchestrator', refused: /TOPIC_AUTHORIZATION_FAILED/ },
    { as: 'gateway', refused: /TOPIC_AUTHORIZATION_FAILED/ },
    // In clear text, by nobody: the listeners speak TLS only.
    { as: 'shipment', settings: ['NOBODY=1'], refused: /unavailable/ },
    { as: 'shipment', settings: ['KAFKA_SASL_PASSWORD=not-the-password'], refused: /credentials/ },
    { as: 'shipment', settings: ['KAFKA_SASL_USERNAME=payment'], refused: /credentials/ },
    // The listener in clear text is that container's own.
    { as: 'shipment', settings: ['NOBODY=1', 'KAFKA_BROKERS=kafka:29094'], refused: /unavailable/ },
    { as: 'shipment', settings: ['NOBODY=1', 'KAFKA_BROKERS=kafka:29093'], refused: /unavailable/ },
  ];
  for (const { as, settings = [], refused } of tries) {
    const given = settings.flatMap((setting) => ['--env', setting]);
    const said = await compose('exec', '-T', ...given, as, 'node', '--input-type=module', '--eval', SAYS_CHARGED);
    const answer = said.split('\n').at(-1);
    if (!refused.test(answer))
      throw new Error(`${as} ${settings.join(' ')} says that a payment was charged: ${answer}`);
  }
}
