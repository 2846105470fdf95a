import { kafkaVariable } from '../kafka-properties.js';
import { difference, unless, type Problems } from './problems.fixture.spec.js';
import { SECURE, type Repository } from './repository.fixture.spec.js';

/** Of the containers that are Kafka's users under another name than their own. */
const USERS: Readonly<Record<string, string>> = { cli: 'operator' };
/** It sets Kafka up from within Kafka's own network, as nobody in particular. */
const SETS_UP = 'topics';
const TRUSTS: Readonly<Record<string, string>> = {
  KAFKA_SSL: 'true',
  KAFKA_SSL_CA: '/run/kafka/ca.pem',
  KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
};

const passwordOf = (user: string): string => `${user.toUpperCase().replaceAll('-', '_')}_KAFKA_PASSWORD`;
const isGiven = (given: string | undefined, setting: string): boolean => given?.startsWith(`\${${setting}:?`) === true;

/** Who uses Kafka is a user of its own, with a password of its own, whom Kafka knows; and Kafka knows nobody else. */
export function usersAreTheirOwn({ secure }: Repository): Problems {
  const clients = Object.entries(secure.services).filter(
    ([name, { environment }]) => 'KAFKA_BROKERS' in environment && name !== SETS_UP,
  );
  const users = clients.map(([name]) => USERS[name] ?? name);
  const { environment: kafka = {} } = secure.services['kafka'] ?? {};
  return [
    ...clients.flatMap(([name, { environment, volumes }]) => {
      const user = USERS[name] ?? name;
      return [
        ...unless(
          environment['KAFKA_SASL_USERNAME'] === user,
          `${SECURE}: ${name}: KAFKA_SASL_USERNAME must be ${user}`,
        ),
        ...unless(
          isGiven(environment['KAFKA_SASL_PASSWORD'], passwordOf(user)),
          `${SECURE}: ${name}: KAFKA_SASL_PASSWORD must be \${${passwordOf(user)}:?…}, which has no default`,
        ),
        ...Object.entries(TRUSTS)
          .filter(([setting, value]) => environment[setting] !== value)
          .map(([setting, value]) => `${SECURE}: ${name}: ${setting} must be ${value}`),
        ...unless(
          volumes.includes('certificate:/run/kafka:ro') && !volumes.some((one) => one.startsWith('kafka-secrets')),
          `${SECURE}: ${name}: mount certificate on /run/kafka, to be read, and not Kafka's secrets`,
        ),
      ];
    }),
    ...difference(
      users.map(passwordOf),
      Object.keys(kafka).filter((name) => name.endsWith('_KAFKA_PASSWORD') && isGiven(kafka[name], name)),
      (name) => `${SECURE}: kafka: give it ${name}, whose user asks it`,
      (name) => `${SECURE}: kafka: take out ${name}: nobody is that user`,
    ),
  ];
}

/** Who knows what webhooks are signed with can say that an order is paid: the provider and the payment service know it, made up. */
export function webhooksAreTheProviders({ secure }: Repository): Problems {
  const setting = 'STRIPE_WEBHOOK_SECRET';
  const knows = { payment: setting, 'payment-provider': 'WEBHOOK_SECRET' };
  const others = Object.entries(secure.services).filter(([name]) => !Object.hasOwn(knows, name));
  return [
    ...Object.entries(knows).flatMap(([name, variable]) =>
      unless(
        isGiven(secure.services[name]?.environment[variable], setting),
        `${SECURE}: ${name}: ${variable} must be \${${setting}:?…}, which has no default`,
      ),
    ),
    ...others.flatMap(([name, { environment }]) =>
      unless(
        !Object.values(environment).some((value) => value.includes(setting)),
        `${SECURE}: ${name}: it has no use for ${setting}`,
      ),
    ),
  ];
}

/** Whoever reaches Kafka from another container or from the host speaks TLS and says who he is; who is nobody may do nothing there. */
export function kafkaIsClosed({ secure }: Repository): Problems {
  const { environment: kafka = {} } = secure.services['kafka'] ?? {};
  const protocols = new Map(
    (kafka['KAFKA_LISTENER_SECURITY_PROTOCOL_MAP'] ?? '').split(',').map((one) => one.split(':') as [string, string]),
  );
  const listeners = [...(kafka['KAFKA_LISTENERS'] ?? '').matchAll(/(\w+):\/\/([^:,]*):\d+/g)];
  const mechanism = (name: string) =>
    kafkaVariable(`listener.name.${name.toLowerCase()}.scram-sha-512.sasl.jaas.config`);
  const { environment: topics = {} } = secure.services[SETS_UP] ?? {};
  const local = /LOCAL:\/\/([^,]+)/.exec(kafka['KAFKA_LISTENERS'] ?? '')?.[1];
  return [
    ...listeners.flatMap(([, name = '', host = '']) => {
      if (host === '127.0.0.1' || host === 'localhost') return [];
      return [
        ...unless(
          protocols.get(name) === 'SASL_SSL',
          `${SECURE}: kafka: ${name} is open to others: it must be SASL_SSL`,
        ),
        ...unless(mechanism(name) in kafka, `${SECURE}: kafka: give it ${mechanism(name)}`),
      ];
    }),
    ...unless(
      kafka['KAFKA_AUTHORIZER_CLASS_NAME'] === 'org.apache.kafka.metadata.authorizer.StandardAuthorizer' &&
        kafka['KAFKA_ALLOW_EVERYONE_IF_NO_ACL_FOUND'] === 'false',
      `${SECURE}: kafka: without StandardAuthorizer, or with everyone allowed where no ACL is, nothing is refused`,
    ),
    ...unless(
      kafka['KAFKA_SUPER_USERS'] === 'User:ANONYMOUS',
      `${SECURE}: kafka: no user with a password may do everything`,
    ),
    ...unless(
      JSON.stringify(secure.services[SETS_UP]?.command.slice(1)) === JSON.stringify(['topics', '--access']) &&
        topics['KAFKA_BROKERS'] === local,
      `${SECURE}: ${SETS_UP}: it must make the ACLs too, and ask ${local ?? 'LOCAL'}`,
    ),
  ];
}
