import { waitUntil } from '@backstep/testing';
import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { SAMPLES } from '../demo/samples.js';
import { system } from './shared-system.fixture.spec.js';
import type { Answer } from './test-system.fixture.spec.js';

/**
 * Goal: two who edit one profile from the same version keep both edits where they concern different fields, and the second is told where they
 * do not; an order keeps the address that it was placed with. Method: the public API.
 */
const ADDRESS = { line1: '12 St James Square', city: 'London', postalCode: 'SW1Y 4JH', country: 'GB' };
const PROFILE = { name: 'Ada', email: 'ada@example.org', phone: '+44 20 7946 0958', address: ADDRESS };
/** As many changes as the log of a profile keeps. */
const KEPT_VERSIONS = 50;

interface Profile {
  readonly path: string;
  readonly id: string;
  /** Of its first version. */
  readonly etag: string;
}

async function aProfile(): Promise<Profile> {
  const id = randomUUID();
  const path = `/v1/customers/${id}`;
  const { status, headers } = await system.api('PUT', path, { body: PROFILE });
  expect(status).toBe(201);
  expect(headers.get('location')).toBe(path);
  return { path, id, etag: headers.get('etag') ?? '' };
}

const patch = ({ path, etag }: Profile, body: object, ifMatch = etag): Promise<Answer> =>
  system.api('PATCH', path, { body, headers: { 'if-match': ifMatch } });
const put = ({ path, etag }: Profile, body: object, ifMatch = etag): Promise<Answer> =>
  system.api('PUT', path, { body, headers: { 'if-match': ifMatch } });
const read = async ({ path }: Profile) => (await system.api('GET', path)).body;

/** Both edit from the first version, one after the other. */
async function both(first: (profile: Profile) => Promise<Answer>, second: (profile: Profile) => Promise<Answer>) {
  const profile = await aProfile();
  expect((await first(profile)).status).toBe(200);
  const answer = await second(profile);
  return { answer, profile, now: await read(profile) };
}

export const whenAProfileIsEdited = (): void =>
  describe('when a profile is edited', () => {
    it('two edits of different fields from one version are both there', async () => {
      const { answer, now } = await both(
        (profile) => patch(profile, { name: 'Ada L.' }),
        (profile) => patch(profile, { phone: '+49 30 1234' }),
      );
      expect(answer).toMatchObject({ status: 200, body: { name: 'Ada L.', phone: '+49 30 1234', version: 3 } });
      expect(now).toMatchObject({ ...PROFILE, name: 'Ada L.', phone: '+49 30 1234' });
    });

    it('two edits of one field from one version: the second is 412, which names the field, what is so now and what changed', async () => {
      const { answer, profile, now } = await both(
        (one) => patch(one, { phone: '+49 30 1111' }),
        (one) => patch(one, { phone: '+49 30 2222' }),
      );
      expect(answer).toMatchObject({
        status: 412,
        body: {
          type: 'urn:backstep:problem:precondition-failed',
          clashing: ['phone'],
          current: { phone: '+49 30 1111', version: 2 },
          yours: { phone: '+49 30 2222' },
          changedSince: [{ version: 2, fields: ['phone'] }],
        },
      });
      expect(now).toMatchObject({ phone: '+49 30 1111' });
      const again = await patch(profile, { phone: '+49 30 2222' }, answer.headers.get('etag') ?? '');
      expect(again).toMatchObject({ status: 200, body: { phone: '+49 30 2222', version: 3 } });
    });

    it('two edits of different parts of one address from one version: the second is 412, as the parts belong together', async () => {
      const { answer, now } = await both(
        (profile) => patch(profile, { address: { line1: '1 New Street' } }),
        (profile) => patch(profile, { address: { city: 'Leeds' } }),
      );
      expect(answer).toMatchObject({ status: 412, body: { clashing: ['address/city'] } });
      expect(now).toMatchObject({ address: { ...ADDRESS, line1: '1 New Street' } });
    });

    it('two edits that set one field to the same value from one version do not clash', async () => {
      const same = (profile: Profile) => patch(profile, { phone: '+49 30 1111' });
      const { answer } = await both(same, same);
      expect(answer).toMatchObject({ status: 200, body: { phone: '+49 30 1111' } });
    });

    it('a whole profile that is sent with the values of its first version reverts nothing, and brings its own change', async () => {
      const { answer, now } = await both(
        (profile) => patch(profile, { name: 'Ada L.', address: { line1: '1 New Street' } }),
        (profile) => put(profile, { ...PROFILE, email: 'new@example.org' }),
      );
      expect(answer).toMatchObject({ status: 200 });
      const address = { ...ADDRESS, line1: '1 New Street' };
      expect(now).toMatchObject({ ...PROFILE, name: 'Ada L.', email: 'new@example.org', address });
    });

    it('a field that somebody has deleted is not brought back by a whole profile with its value from before', async () => {
      const { answer, now } = await both(
        (profile) => patch(profile, { phone: null }),
        (profile) => put(profile, { ...PROFILE, name: 'Ada L.' }),
      );
      expect(answer).toMatchObject({ status: 200 });
      expect(now).toMatchObject({ name: 'Ada L.', phone: null });
    });

    it('an edit of a version that the log does not reach back to is 412, also of a field that nobody has changed', async () => {
      const profile = await aProfile();
      for (let version = 0; version <= KEPT_VERSIONS; version++) {
        const etag = (await system.api('GET', profile.path)).headers.get('etag') ?? '';
        expect((await patch(profile, { name: `Ada ${version}` }, etag)).status).toBe(200);
      }
      expect(await patch(profile, { phone: null })).toMatchObject({
        status: 412,
        body: { current: { phone: PROFILE.phone } },
      });
      expect(await patch(profile, { phone: null }, '"v2"')).toMatchObject({ status: 200, body: { phone: null } });
    });

    it('an address is whole or not there: a part of none is 400, which names the others', async () => {
      const profile = await aProfile();
      expect((await patch(profile, { address: null })).body).toMatchObject({ address: null });
      const half = await patch(profile, { address: { city: 'Leeds' } }, '"v2"');
      expect(half).toMatchObject({ status: 400, body: { type: 'urn:backstep:problem:validation' } });
      expect((half.body['errors'] as { field: string }[]).map(({ field }) => field)).toContain('address.line1');
    });

    it('fifty equal changes with one key at once are one change', async () => {
      const profile = await aProfile();
      const headers = { 'if-match': profile.etag, 'idempotency-key': randomUUID() };
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => system.api('PATCH', profile.path, { body: { name: 'Ada L.' }, headers })),
      );
      for (const { status, body } of answers)
        expect({ status, body }).toMatchObject({ status: 200, body: { version: 2 } });
      const replayed = answers.filter(({ headers: told }) => told.get('idempotency-replayed') === 'true');
      expect(replayed).toHaveLength(49);
    });

    it('an order of a customer goes to the address of the profile, and keeps it when the profile changes', async () => {
      const { path, id, etag } = await aProfile();
      const { items, paymentMethod } = SAMPLES[0]?.order ?? {};
      const place = (order: object) =>
        system.api('POST', '/v1/orders', {
          body: { items, paymentMethod, ...order },
          headers: { 'idempotency-key': randomUUID() },
        });
      const placed = await place({ customerId: id });
      const shippingAddress = { name: PROFILE.name, ...ADDRESS };
      expect(placed).toMatchObject({ status: 202, body: { shippingAddress } });
      await system.api('PATCH', path, { body: { address: { city: 'Leeds' } }, headers: { 'if-match': etag } });
      const order = await waitUntil('the order has ended', async () => {
        const { body } = await system.api('GET', `/v1/orders/${String(placed.body['id'])}`);
        return body['status'] !== 'PENDING' && body;
      });
      expect(order).toMatchObject({ status: 'CONFIRMED', shippingAddress });
      expect(await place({ customerId: id })).toMatchObject({
        status: 202,
        body: { shippingAddress: { ...shippingAddress, city: 'Leeds' } },
      });
      await system.api('PATCH', path, { body: { address: null }, headers: { 'if-match': '"v2"' } });
      for (const order of [{ customerId: id }, {}]) {
        expect(await place(order)).toMatchObject({
          status: 400,
          body: { errors: [{ in: 'body', field: 'shippingAddress', pointer: '#/shippingAddress' }] },
        });
      }
    });

    it('the change log of a profile has no value of it', async () => {
      const profile = await aProfile();
      await patch(profile, { phone: null, address: null });
      const database = new pg.Pool({ connectionString: system.environment().databases['order'], max: 1 });
      const { rows } = await database.query<{ changes: string }>('SELECT changes::text FROM customer WHERE id = $1', [
        profile.id,
      ]);
      await database.end();
      expect(rows[0]?.changes).toContain('phone');
      for (const value of [PROFILE.phone, ADDRESS.line1, ADDRESS.city]) expect(rows[0]?.changes).not.toContain(value);
    });
  });
