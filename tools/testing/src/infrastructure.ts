export interface TestInfrastructure {
  /** Of a user who may create databases. */
  readonly databaseUrl: string;
  readonly kafkaBrokers: readonly string[];
}

/** What `npm test` has started. @throws Error saying how to start it. */
export function requireInfrastructure(): TestInfrastructure {
  const databaseUrl = process.env['TEST_DATABASE_URL'];
  const kafkaBrokers = process.env['TEST_KAFKA_BROKERS'];
  if (!databaseUrl || !kafkaBrokers) {
    throw new Error(
      'this spec needs PostgreSQL and Kafka: run it with `npm test -- <path>`, or set TEST_DATABASE_URL and TEST_KAFKA_BROKERS',
    );
  }
  return { databaseUrl, kafkaBrokers: kafkaBrokers.split(',') };
}
