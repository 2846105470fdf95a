import { readFileSync } from 'node:fs';

/** How a client and Kafka authenticate each other. */
export interface KafkaSecurity {
  /** TLS. Without `ca`, the CAs that Node trusts. */
  readonly ssl?: { readonly ca?: string };
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  };
}

/** The settings, as environment variables hold them. An empty one counts as not set. */
export interface KafkaSecuritySettings {
  readonly KAFKA_SSL?: string | boolean | undefined;
  readonly KAFKA_SSL_CA?: string | undefined;
  readonly KAFKA_SASL_MECHANISM?: string | undefined;
  readonly KAFKA_SASL_USERNAME?: string | undefined;
  readonly KAFKA_SASL_PASSWORD?: string | undefined;
}

/** The ways to prove a user that are supported, the strongest first. */
export const SASL_MECHANISMS = ['SCRAM-SHA-512', 'SCRAM-SHA-256', 'PLAIN'] as const;

/** The settings do not fit together. One problem for each that is wrong, with its name and without its value. */
export class KafkaSettingsError extends Error {
  override readonly name = 'KafkaSettingsError';
  constructor(readonly problems: readonly string[]) {
    super(problems.join('; '));
  }
}

/**
 * @returns undefined when nothing is set: the connection is in clear text and anonymous
 * @throws KafkaSettingsError
 */
export function kafkaSecurityFrom(settings: KafkaSecuritySettings): KafkaSecurity | undefined {
  const problems: string[] = [];
  const { KAFKA_SSL_CA: ca, KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = settings;
  const tls = settings.KAFKA_SSL === true || settings.KAFKA_SSL === 'true';
  if (!tls && settings.KAFKA_SSL && settings.KAFKA_SSL !== 'false') problems.push('KAFKA_SSL must be true or false');
  if (ca && !tls) problems.push('KAFKA_SSL_CA is set and KAFKA_SSL is not true: the connection would not be encrypted');
  const pem = ca && tls ? readCa(ca, problems) : undefined;

  const given = settings.KAFKA_SASL_MECHANISM;
  const named = given === 'none' ? undefined : given || undefined;
  const mechanism = SASL_MECHANISMS.find((one) => one === named);
  if (named && !mechanism) problems.push(`KAFKA_SASL_MECHANISM must be one of ${SASL_MECHANISMS.join(', ')}`);
  if (mechanism === 'PLAIN' && !tls) {
    problems.push('KAFKA_SASL_MECHANISM is PLAIN and KAFKA_SSL is not true: the password would be sent in clear text');
  }
  for (const [name, value] of [
    ['KAFKA_SASL_USERNAME', username],
    ['KAFKA_SASL_PASSWORD', password],
  ] as const) {
    if (named && !value) problems.push(`${name} is missing: KAFKA_SASL_MECHANISM is set`);
    if (!named && value) problems.push(`KAFKA_SASL_MECHANISM is missing: ${name} is set`);
  }
  if (problems.length > 0) throw new KafkaSettingsError(problems);
  if (!tls && !mechanism) return undefined;
  return {
    ...(tls && { ssl: pem === undefined ? {} : { ca: pem } }),
    ...(mechanism && {
      sasl: {
        mechanism: mechanism.toLowerCase() as 'plain' | 'scram-sha-256' | 'scram-sha-512',
        username: username ?? '',
        password: password ?? '',
      },
    }),
  };
}

const PEM = /-----BEGIN CERTIFICATE-----/;

function readCa(ca: string, problems: string[]): string | undefined {
  // In an environment variable the line breaks of a PEM are often written as \n.
  if (PEM.test(ca)) return ca.replaceAll('\\n', '\n');
  try {
    const pem = readFileSync(ca, 'utf8');
    if (PEM.test(pem)) return pem;
    problems.push('KAFKA_SSL_CA names a file that holds no certificate in PEM form');
  } catch (error) {
    problems.push(
      `KAFKA_SSL_CA names a file that cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`,
    );
  }
  return undefined;
}
