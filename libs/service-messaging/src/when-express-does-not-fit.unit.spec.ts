import { Module } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { catalogue } from '@backstep/messages';
import { createApp, createLogger, loadConfig, platformConfig } from '@backstep/service';
import { messagingConfig, serviceMessaging } from './index.js';

/** Goal: settings of express that do not fit each other stop the start, by the name of the setting. Method: a service that reaches nothing. */
@Module({
  imports: [
    serviceMessaging({ service: 'bakery', catalogue: catalogue([]), handlers: [], entities: [], migrations: [] }),
  ],
})
class BakeryModule {}

const settingsOf = (settings: Readonly<Record<string, string>>) =>
  loadConfig(
    { ...platformConfig(0), ...messagingConfig },
    { DATABASE_URL: 'postgres://127.0.0.1:1/none', KAFKA_BROKERS: '127.0.0.1:1', ...settings },
  );

const started = (settings: Readonly<Record<string, string>>) =>
  createApp({
    name: 'bakery',
    module: BakeryModule,
    config: settingsOf(settings),
    logger: createLogger({ service: 'bakery', level: 'error' }),
  });

describe('settings of express', () => {
  it('settings of express are off by default', () => {
    expect(settingsOf({})).toMatchObject({
      EXPRESS: false,
      EXPRESS_LINGER_MS: 250,
      EXPRESS_FOLDER: '',
      EXPRESS_PORT: 0,
    });
  });

  it('settings of express that do not fit OUTBOX_LEFTOVER_MS are named, and the service does not start', async () => {
    await expect(started({ EXPRESS: 'true', OUTBOX_LEFTOVER_MS: '2000' })).rejects.toThrow(
      'OUTBOX_LEFTOVER_MS is wrong: expected at least 2250 (ms) with EXPRESS and EXPRESS_LINGER_MS=250, got "2000"',
    );
  });

  it('a port of express needs the token that its TLS is made of', async () => {
    await expect(started({ EXPRESS: 'true', EXPRESS_PORT: '7600' })).rejects.toThrow(
      'SERVICE_TOKEN is missing: EXPRESS_PORT is set, and its TLS is made of the token',
    );
  });

  it('a linger beyond its bounds is named', () => {
    expect(() => settingsOf({ EXPRESS_LINGER_MS: '1001' })).toThrow(
      'EXPRESS_LINGER_MS is wrong: expected an integer from 1 to 1000 (ms), got "1001"',
    );
  });
});
