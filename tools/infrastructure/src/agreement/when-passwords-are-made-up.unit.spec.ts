import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseEnv } from 'node:util';
import { ROOT } from '../topology.js';
import { requiredIn } from './compose-file.fixture.spec.js';
import { SECURE } from './repository.fixture.spec.js';

/** Goal: what compose.secure.yml wants is made up once, and nothing that everybody knows is taken for it. */
interface Passwords {
  addTo(file: string): string[];
}
const MODULE = pathToFileURL(join(ROOT, 'tools/containers/passwords.mjs')).href;
const WANTED = [...new Set(requiredIn(readFileSync(join(ROOT, SECURE), 'utf8')))].sort();

let dir: string;
let file: string;
let passwords: Passwords;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'backstep-passwords-'));
  file = join(dir, '.env');
  passwords = (await import(MODULE)) as Passwords;
});
afterEach(() => rmSync(dir, { recursive: true }));

const settings = () => parseEnv(readFileSync(file, 'utf8'));

describe('the settings that compose.secure.yml has no default for', () => {
  it('all of them are made up, each another, in a file that is its owner’s alone; the secret of webhooks looks like Stripe’s', () => {
    expect(passwords.addTo(file).sort()).toEqual(WANTED);
    expect(WANTED).toContain('STRIPE_WEBHOOK_SECRET');
    const values = WANTED.map((name) => settings()[name] ?? '');
    expect(new Set(values).size).toBe(WANTED.length);
    expect(values.every((value) => /^[\w-]{32,}$/.test(value))).toBe(true);
    expect(settings()['STRIPE_WEBHOOK_SECRET']).toMatch(/^whsec_[\w-]{32}$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('what is made up once is not made up again, and what a person has set stays', () => {
    writeFileSync(file, 'STRIPE_WEBHOOK_SECRET=whsec_of_stripe_listen');
    passwords.addTo(file);
    const before = settings();
    expect(before['STRIPE_WEBHOOK_SECRET']).toBe('whsec_of_stripe_listen');
    expect(passwords.addTo(file)).toEqual([]);
    expect(settings()).toEqual(before);
  });

  it('a secret that everybody knows, since it is the default of docker-compose.yml, is made up anew', () => {
    writeFileSync(file, 'STRIPE_WEBHOOK_SECRET=whsec_development\n');
    expect(passwords.addTo(file)).toContain('STRIPE_WEBHOOK_SECRET');
    expect(settings()['STRIPE_WEBHOOK_SECRET']).toMatch(/^whsec_[\w-]{32}$/);
  });
});
