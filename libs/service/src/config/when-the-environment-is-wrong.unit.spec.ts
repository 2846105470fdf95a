import { describe, expect, it } from '@jest/globals';
import {
  ConfigError,
  declare,
  describeConfig,
  flag,
  hostPorts,
  integer,
  loadConfig,
  oneOf,
  platformConfig,
  url,
} from './index.js';

/** Goal: a service with a wrong environment reports every fault at once, and never prints a secret. */
const DECLARATION = declare({
  DATABASE_URL: { schema: url('postgres', 'postgresql'), secret: true, description: 'The database of this service' },
  KAFKA_BROKERS: { schema: hostPorts(), default: ['127.0.0.1:9092'], description: 'Kafka' },
  BATCH_MAX: {
    schema: integer({ min: 1, max: 1_000 }),
    default: 100,
    unit: 'messages',
    description: 'Messages in a batch',
  },
  RELAY: { schema: flag(), default: true, description: 'Whether the relay runs' },
  STRATEGY: { schema: oneOf('optimistic', 'queued'), default: 'optimistic', description: 'How writers meet' },
});
const GOOD = { DATABASE_URL: 'postgres://order:s3cret@127.0.0.1/backstep_order' };

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    loadConfig(DECLARATION, environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('an environment that fits', () => {
  it('a fitting environment gives typed values, and defaults for variables that are unset or empty', () => {
    const config = loadConfig(DECLARATION, { ...GOOD, BATCH_MAX: '20', RELAY: 'false', STRATEGY: '' });
    const batchMax: number = config.BATCH_MAX;
    expect(batchMax).toBe(20);
    expect(config).toMatchObject({ RELAY: false, STRATEGY: 'optimistic', KAFKA_BROKERS: ['127.0.0.1:9092'] });
  });

  it('a list of brokers is read as an array', () => {
    expect(loadConfig(DECLARATION, { ...GOOD, KAFKA_BROKERS: 'a:1,b:2' }).KAFKA_BROKERS).toEqual(['a:1', 'b:2']);
  });
});

describe('an environment of several services', () => {
  const OWN = declare({
    ...DECLARATION,
    PORT: { schema: integer({ min: 1 }), default: 3_001, description: 'Where it listens', own: true },
  });
  const read = (environment: Record<string, string>) => loadConfig(OWN, { ...GOOD, ...environment }, 'CAKE_STAND_');

  it('a variable with the prefix of a service comes before the one for all services', () => {
    expect(read({ BATCH_MAX: '20' }).BATCH_MAX).toBe(20);
    expect(read({ BATCH_MAX: '20', CAKE_STAND_BATCH_MAX: '30' }).BATCH_MAX).toBe(30);
    expect(read({ BATCH_MAX: '20', CAKE_STAND_BATCH_MAX: '' }).BATCH_MAX).toBe(20);
  });

  it('a variable that services cannot share is read with the prefix alone', () => {
    expect(read({ PORT: '1' }).PORT).toBe(3_001);
    expect(read({ PORT: '1', CAKE_STAND_PORT: '2' }).PORT).toBe(2);
  });

  it('the error for a variable with a prefix names it with its prefix', () => {
    expect(() => read({ CAKE_STAND_PORT: 'http' })).toThrow(/^CAKE_STAND_PORT is wrong/);
  });
});

describe('an environment that does not fit', () => {
  it.each([
    ['BATCH_MAX', '0', 'expected an integer from 1 to 1000 (messages), got "0"'],
    ['BATCH_MAX', '1e3', 'expected an integer from 1 to 1000 (messages), got "1e3"'],
    ['RELAY', 'yes', 'expected true or false, got "yes"'],
    ['STRATEGY', 'hope', 'expected one of optimistic, queued, got "hope"'],
    ['KAFKA_BROKERS', 'localhost', 'expected host:port, more than one divided by commas, got "localhost"'],
  ])('the error for %s=%s names the variable and what is expected', (name, value, expectation) => {
    expect(problemsOf({ ...GOOD, [name]: value })).toEqual([`${name} is wrong: ${expectation}`]);
  });

  it('all wrong and missing variables are reported at once, one line each', () => {
    expect(problemsOf({ BATCH_MAX: 'x', RELAY: 'x' })).toEqual([
      'DATABASE_URL is missing: The database of this service',
      expect.stringContaining('BATCH_MAX is wrong'),
      expect.stringContaining('RELAY is wrong'),
    ]);
  });

  it('the error for a wrong secret leaves its value out', () => {
    const problems = problemsOf({ DATABASE_URL: 'mysql://root:s3cret@host' });
    expect(problems).toEqual(['DATABASE_URL is wrong: expected a URL that begins with postgres:// or postgresql://']);
  });
});

describe('the description of a configuration', () => {
  it('describeConfig gives what the documentation lists of each variable', () => {
    expect(describeConfig({ ...platformConfig(3001), ...DECLARATION })).toContainEqual({
      name: 'PORT',
      description: 'Where this service listens for HTTP',
      default: '3001',
      unit: undefined,
      required: false,
      secret: false,
    });
    expect(describeConfig(DECLARATION)[0]).toMatchObject({ name: 'DATABASE_URL', required: true, secret: true });
  });
});
