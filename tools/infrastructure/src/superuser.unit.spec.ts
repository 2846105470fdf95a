import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CONTAINERS_INSTANCE, superuserUrl, type RunningEnvironment } from './index.js';

/** Goal: the superuser's login is found where the server is ours, and nowhere else. Method: three running systems, and a folder with passwords. */
const running = (instance: string, processes: Readonly<Record<string, readonly number[]>>): RunningEnvironment => ({
  instance,
  gateway: '',
  provider: '',
  services: {},
  databases: { order: 'postgres://backstep_order:sesame@127.0.0.1:54320/backstep_order' },
  kafka: { brokers: [] },
  topics: [],
  consumerGroups: [],
  processes,
});

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'backstep-superuser-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('the login of the superuser', () => {
  it('the superuser of the embedded server has the password of its folder', () => {
    const environment = running('a-clone', { postgres: [7] });
    expect(superuserUrl(environment, dir, {})).toBeUndefined();
    writeFileSync(join(dir, 'secrets.json'), JSON.stringify({ postgres: 'abc' }));
    expect(superuserUrl(environment, dir, {})).toBe('postgres://postgres:abc@127.0.0.1:54320/postgres');
  });

  it('the superuser of the containers has the password of their settings', () => {
    const environment = running(CONTAINERS_INSTANCE, {});
    expect(superuserUrl(environment, dir, {})).toBe(
      'postgres://postgres:postgres-development@127.0.0.1:54320/postgres',
    );
    expect(superuserUrl(environment, dir, { POSTGRES_PASSWORD: 'p@ss' })).toBe(
      'postgres://postgres:p%40ss@127.0.0.1:54320/postgres',
    );
  });

  it("the superuser of a server that is somebody else's is not known", () => {
    writeFileSync(join(dir, 'secrets.json'), JSON.stringify({ postgres: 'abc' }));
    expect(superuserUrl(running('a-clone', { postgres: [] }), dir, {})).toBeUndefined();
  });
});
