import { describe, expect, it } from '@jest/globals';
import { createLogger, type LogFields } from './logger.js';
import { NestLogger } from './nest-logger.js';
import { isSecretKey, redact, redactText } from '@backstep/redaction';

/** Goal: log lines can be read by a program, name their subject, saga and trace, and hold no secret in any part. */
function capture(level: 'debug' | 'info' = 'info') {
  const lines: string[] = [];
  const logger = createLogger({ service: 'till', level, destination: { write: (line) => void lines.push(line) } });
  return { logger, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown> };
}

describe('a log line', () => {
  it('a log line is one JSON object with time, level, service, fields and message', () => {
    const { logger, lines, last } = capture();
    logger.info('charged\nand done', { cakeId: 'o-1', sagaId: 's-1', traceId: 't-1', attempt: 2 });
    expect(lines).toEqual([expect.stringMatching(/^\{.*\}\n$/)]);
    expect(last()).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      service: 'till',
      cakeId: 'o-1',
      sagaId: 's-1',
      traceId: 't-1',
      attempt: 2,
      msg: 'charged\nand done',
    });
  });

  it('a log line of a child logger carries the fields of the child, too', () => {
    const { logger, last } = capture();
    logger.child({ component: 'worker' }).warn('later', { cakeId: 'o-2' });
    expect(last()).toMatchObject({ cakeId: 'o-2', component: 'worker', level: 'warn' });
  });

  it('a log line below the level is not written, and its fields are not read', () => {
    const { logger, lines } = capture();
    logger.debug('never', {
      get expensive(): string {
        throw new Error('looked');
      },
    });
    expect(lines).toEqual([]);
  });

  it('a log line is written even when its fields cannot be: a getter that throws, a circle, a bigint', () => {
    const { logger, last } = capture();
    const circle: Record<string, unknown> = { amount: 5n };
    circle['self'] = circle;
    logger.info('round', { circle });
    expect(last()).toMatchObject({ msg: 'round', circle: { amount: '5' } });
    logger.info('trap', {
      get bad(): string {
        throw new Error('sprung');
      },
    });
    expect(last()).toMatchObject({ msg: 'trap', unloggable: 'Error: sprung' });
  });

  it('a log line is short whatever it is given', () => {
    const { logger, lines } = capture();
    logger.info('x'.repeat(100_000), { many: Array.from({ length: 10_000 }, (_, index) => index) });
    expect(lines[0]?.length).toBeLessThan(10_000);
  });
});

const SECRETS: readonly (readonly [string, string, LogFields])[] = [
  [
    'a header',
    'hunter2hunter2',
    { headers: { Authorization: 'Bearer hunter2hunter2', 'set-cookie': 'sid=hunter2hunter2' } },
  ],
  [
    'a password under its key',
    'hunter2',
    { config: { pgPassword: 'hunter2', client_secret: 'hunter2', apiKey: 'hunter2' } },
  ],
  ['a password in a URL', 'p%40ss', { url: 'postgres://oven:p%40ss@127.0.0.1:54320/backstep_order' }],
  [
    'a password in a URL, not escaped',
    'p@ss:w',
    { url: new Error('cannot reach postgres://oven:p@ss:w@127.0.0.1/db') },
  ],
  ['a token in a query', 'tok_abcdef', { url: 'https://host/hook?access_token=tok_abcdef&x=1' }],
  ['a bearer in an error', 'abcdef123456', { error: new Error('401 for Bearer abcdef123456') }],
  [
    'a Stripe key in an error',
    'sk_test_4eC39HqLyjWDarjtT1zdp7dc',
    { error: new Error('Invalid API Key: sk_test_4eC39HqLyjWDarjtT1zdp7dc') },
  ],
  [
    'a password in the cause of an error',
    'hunter2',
    { error: new Error('failed', { cause: new Error('password=hunter2') }) },
  ],
  ['a payment method', 'pm_card_visa', { body: { paymentMethod: 'pm_card_visa' } }],
  ['a payment method in JSON text', 'pm_1NxQ', { body: '{"paymentMethod":"pm_1NxQ","a":1}' }],
  ['an e-mail address in an error', 'ada@example.org', { error: new Error('no such row: (1, Ada, ada@example.org)') }],
  ['a phone number under its key', '+44 20 7946 0958', { body: { phone: '+44 20 7946 0958' } }],
  ['a postal address under its key', 'St James Square', { body: { shippingAddress: { line1: '12 St James Square' } } }],
  ['a card number', '4242424242424242', { note: 'card 4242424242424242 refused' }],
  ['a card number in groups', '4242 4242 4242 4242', { note: 'card 4242 4242 4242 4242' }],
  ['a JSON web token', 'eyJhbGciOi.eyJzdWIi.c2ln', { note: 'jwt eyJhbGciOi.eyJzdWIi.c2ln' }],
  [
    'the parameters of a query',
    'Ada Lovelace',
    { error: Object.assign(new Error('failed'), { parameters: ['Ada Lovelace'] }) },
  ],
];

describe('a secret', () => {
  it.each(SECRETS)('a log line does not show %s', (_what, secret, fields) => {
    const { logger, lines } = capture();
    logger.error('as a field', fields);
    logger.error(`as text ${JSON.stringify(redact(fields))}`);
    logger.child(fields).error('as context');
    expect(lines).toHaveLength(3);
    expect(lines.join('')).not.toContain(secret);
  });

  it('a log line does not show a secret in its message', () => {
    const { logger, lines } = capture();
    logger.info(
      'connecting to postgres://oven:hunter2@db/backstep with {"password":"hunter2"} and 5555-5555-5555-4444',
    );
    expect(lines.join('')).not.toMatch(/hunter2|5555-4444/);
    expect(lines.join('')).toContain('postgres://oven:[redacted]@db/backstep');
  });
});

describe('what only looks like a secret', () => {
  it.each([
    'http://127.0.0.1:3000/v1/cakes',
    '0199a3f4-7d52-7c35-9d4e-0a6f6e2f1f11',
    'at 1732262400000 ms',
    '4242424242424241',
    'offset 12345678901234567',
    'kafkajs@2.2.4 of node_modules/@backstep/kafka',
    'connect to user@127.0.0.1',
  ])('a text that only looks like a secret is not hidden: %s', (text) => expect(redactText(text)).toBe(text));

  it.each(['cakeId', 'tokens', 'idempotencyKey', 'discard', 'company'])(
    'a value under the key %s is not hidden',
    (key) => {
      expect(isSecretKey(key)).toBe(false);
    },
  );
});

describe('what Nest logs', () => {
  it('lines of Nest are logged like all others, and its chatter at level debug', () => {
    const { logger, lines, last } = capture();
    const nest = new NestLogger(logger);
    nest.log('Mapped {/v1/cakes, GET} route', 'RouterExplorer');
    expect(lines).toEqual([]);
    nest.log('hello', 'OvenService');
    expect(last()).toMatchObject({ level: 'info', msg: 'hello', context: 'OvenService' });
    nest.error(new Error('password=hunter2'), 'OvenService');
    expect(last()).toMatchObject({ level: 'error', context: 'OvenService', error: { type: 'Error' } });
    nest.error('failed', 'Error: failed\n at x', 'OvenService');
    expect(last()).toMatchObject({ msg: 'failed', stack: 'Error: failed\n at x', context: 'OvenService' });
    expect(lines.join('')).not.toContain('hunter2');
  });
});
