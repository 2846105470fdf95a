import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kafkaSecurityFrom, KafkaSettingsError, type KafkaSecuritySettings } from './security.js';

/** Goal: settings that do not fit together are reported by name, all at once and without a secret; no connection is less secure than it looks. */
const CA = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
const scram = {
  KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
  KAFKA_SASL_USERNAME: 'kitchen',
  KAFKA_SASL_PASSWORD: 'pass-word',
};

function problemsOf(settings: KafkaSecuritySettings): readonly string[] {
  try {
    kafkaSecurityFrom(settings);
  } catch (error) {
    if (error instanceof KafkaSettingsError) return error.problems;
    throw error;
  }
  return [];
}

describe('the settings of a secured Kafka', () => {
  it('no settings, or empty ones, give no security', () => {
    expect(kafkaSecurityFrom({})).toBeUndefined();
    expect(kafkaSecurityFrom({ KAFKA_SSL: false, KAFKA_SSL_CA: '', KAFKA_SASL_MECHANISM: '' })).toBeUndefined();
  });

  it('TLS takes its CA from a file or from the setting itself, and goes together with SASL', () => {
    const dir = mkdtempSync(join(tmpdir(), 'backstep-ca-'));
    try {
      const file = join(dir, 'ca.pem');
      writeFileSync(file, CA);
      expect(kafkaSecurityFrom({ KAFKA_SSL: 'true', KAFKA_SSL_CA: file })).toEqual({ ssl: { ca: CA } });
    } finally {
      rmSync(dir, { recursive: true });
    }
    expect(kafkaSecurityFrom({ KAFKA_SSL: true, KAFKA_SSL_CA: CA.replaceAll('\n', '\\n'), ...scram })).toEqual({
      ssl: { ca: CA },
      sasl: { mechanism: 'scram-sha-512', username: 'kitchen', password: 'pass-word' },
    });
  });

  it.each<[string, KafkaSecuritySettings, string[]]>([
    ['a misspelt switch', { KAFKA_SSL: 'yes' }, ['KAFKA_SSL']],
    ['a CA without TLS', { KAFKA_SSL_CA: CA }, ['KAFKA_SSL_CA']],
    ['a CA that is not there', { KAFKA_SSL: 'true', KAFKA_SSL_CA: '/no/such/file' }, ['KAFKA_SSL_CA']],
    ['an unknown mechanism', { ...scram, KAFKA_SASL_MECHANISM: 'OAUTHBEARER' }, ['KAFKA_SASL_MECHANISM']],
    ['a password in clear text', { ...scram, KAFKA_SASL_MECHANISM: 'PLAIN' }, ['KAFKA_SASL_MECHANISM']],
    [
      'a mechanism without a user',
      { KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512' },
      ['KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'],
    ],
    ['a user without a mechanism', { KAFKA_SASL_USERNAME: 'o', KAFKA_SASL_PASSWORD: 'p' }, ['KAFKA_SASL_MECHANISM']],
  ])('settings with %s are refused by name, without a secret', (_, settings, names) => {
    const problems = problemsOf(settings);
    for (const name of names) expect(problems.some((problem) => problem.startsWith(name))).toBe(true);
    expect(problems.join()).not.toContain('pass-word');
  });
});
