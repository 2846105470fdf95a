import { describe, expect, it } from '@jest/globals';
import { Identity, isProved, type Role, type Transcript } from './identity.js';

/** Goal: a proof holds for one process, at its own end of one connection, and for nothing else. Method: transcripts that differ in one part. */
const kitchen = new Identity('kitchen');
const oven = new Identity('oven');
const identityAt: Record<Role, Identity> = { client: kitchen, server: oven };
const ROLES: readonly Role[] = ['client', 'server'];

const aTranscript = (): Transcript => ({ client: kitchen.greet(), server: oven.greet(), channel: 'channel' });

describe.each(ROLES)('a proof of the %s', (role) => {
  const transcript = aTranscript();
  const signature = identityAt[role].prove(role, transcript);
  const other: Role = role === 'client' ? 'server' : 'client';

  it(`a proof of the ${role} holds for the connection that it was made for`, () => {
    expect(isProved(role, transcript, signature)).toBe(true);
  });

  it.each<[string, Transcript]>([
    ['whose client is new', { ...transcript, client: kitchen.greet() }],
    ['whose server is new', { ...transcript, server: oven.greet() }],
    ['over another channel', { ...transcript, channel: 'another' }],
    ['of a client of another service', { ...transcript, client: { ...transcript.client, service: 'bank' } }],
    ['of a server of another service', { ...transcript, server: { ...transcript.server, service: 'bank' } }],
    ['with another process', { ...transcript, [other]: { ...transcript[other], key: new Identity('x').key } }],
  ])(`a proof of the ${role} does not hold for a connection %s`, (_, changed) => {
    expect(isProved(role, changed, signature)).toBe(false);
  });

  it(`a proof of the ${role} does not hold for the other end, though one process is at both`, () => {
    const alone = { client: kitchen.greet(), server: kitchen.greet(), channel: '' };
    expect(isProved(other, alone, kitchen.prove(role, alone))).toBe(false);
  });

  it(`a proof of the ${role} is not made with another key than it names`, () => {
    expect(isProved(role, transcript, new Identity(identityAt[role].service).prove(role, transcript))).toBe(false);
  });

  it.each(['', '*', 'x'.repeat(86)])(`a proof of the ${role} is not %j`, (text) => {
    expect(isProved(role, transcript, text)).toBe(false);
  });

  it.each(['', 'no key', 'x'.repeat(100)])(`a proof of the ${role} holds for no key %j`, (key) => {
    expect(isProved(role, { ...transcript, [role]: { ...transcript[role], key } }, signature)).toBe(false);
  });
});
