import { afterEach, describe, expect, it } from '@jest/globals';
import { OPERATOR } from '@backstep/infrastructure';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { authorizationFor } from './operator-token.js';

/** Goal: commands work against containers as they are, and no token goes to who should not have it. Method: settings and a file. */
const folder = mkdtempSync(join(tmpdir(), 'backstep-token-'));
const file = join(folder, '.env');
afterEach(() => rmSync(file, { force: true }));

const HERE = 'http://127.0.0.1:3000';
const ELSEWHERE = 'https://shop.example';
/** As an address of this machine may be written. */
const ALSO_HERE = ['http://localhost:3000', 'http://[::1]:3000', 'http://127.0.0.2:3000', 'http://shop.localhost:3000'];
/** They only look like one. */
const NOT_HERE = [
  'http://127.0.0.1.example',
  'http://localhost.example',
  'http://1270.0.0.1.example',
  'http://[::2]:3000',
];

describe('the token that a command shows', () => {
  it('a given token is sent to any gateway', () => {
    const settings = { OPERATOR_TOKEN: 'given-given-given-given' };
    const authorization = 'Bearer given-given-given-given';
    expect(authorizationFor(HERE, settings, file)).toEqual({ authorization });
    expect(authorizationFor(ELSEWHERE, settings, file)).toEqual({ authorization });
  });

  it('the token of the containers is the default for a gateway on this machine', () => {
    expect(authorizationFor(HERE, {}, file)).toEqual({ authorization: `Bearer ${OPERATOR.defaultToken}` });
    writeFileSync(file, 'OPERATOR_TOKEN=of-the-file-of-the-file\n');
    expect(authorizationFor(HERE, {}, file)).toEqual({ authorization: 'Bearer of-the-file-of-the-file' });
  });

  it.each(ALSO_HERE)('the token of the containers is sent to %s, which is this machine', (url) => {
    expect(authorizationFor(url, {}, file)).toEqual({ authorization: `Bearer ${OPERATOR.defaultToken}` });
  });

  it.each([ELSEWHERE, ...NOT_HERE])('the token of the containers is not sent elsewhere: %s', (url) => {
    writeFileSync(file, 'OPERATOR_TOKEN=of-the-file-of-the-file\n');
    expect(authorizationFor(url, {}, file)).toEqual({});
  });
});
