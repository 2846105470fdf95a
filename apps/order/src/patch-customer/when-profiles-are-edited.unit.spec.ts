import { IdempotencyKey, keyed } from '@backstep/idempotency';
import { newId } from '@backstep/messages';
import { ProblemError } from '@backstep/problems';
import { BasisRequiredError, StaleBasisError } from '@backstep/unit-of-work';
import { InMemoryRows } from '@backstep/unit-of-work/testing';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Customer } from '../customer/customer.entity.js';
import type { CustomerEdit } from '../customer/customer.rules.js';
import { putCustomerOnce, type WholeCustomer } from '../put-customer/put-customer.handler.js';
import { patchCustomerOnce } from './patch-customer.handler.js';

/** Goal: nobody's edit of a profile is lost, and none is made that its sender would not have made if all had been known. */
const ID = newId();
const ADDRESS = { line1: '12 St James Square', city: 'London', postalCode: 'SW1Y 4JH', country: 'GB' };
const ADA = { name: 'Ada', email: 'ada@example.org', phone: '+44 20 1', address: ADDRESS };

let rows: InMemoryRows;
beforeEach(async () => {
  rows = await InMemoryRows.of([Customer, IdempotencyKey]);
});

const put = (edit: WholeCustomer, basis?: number, key?: string) => {
  const request = { id: ID, basis, edit };
  return rows.request(putCustomerOnce, keyed(key, request, request)).answer;
};
const patch = (edit: CustomerEdit, basis?: number, key?: string) => {
  const request = { id: ID, basis, edit };
  return rows.request(patchCustomerOnce, keyed(key, request, request)).answer;
};
const customer = () => rows.find(Customer, ID);

/** The fields that the refusal names. */
function clashing(act: () => unknown): readonly unknown[] | undefined {
  try {
    act();
  } catch (error) {
    if (error instanceof StaleBasisError) return error.stale.clashing;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('a profile', () => {
  it('a profile is created by the first request, and then changed only by who says which version was seen', () => {
    expect(put(ADA).answer).toEqual({ created: true, customer: { id: ID, ...ADA, version: 1 } });
    expect(() => put(ADA)).toThrow(BasisRequiredError);
    expect(() => patch({ name: 'Eve' })).toThrow(BasisRequiredError);
    expect(put({ ...ADA, name: 'Ada L.' }, 1).answer).toMatchObject({
      created: false,
      customer: { name: 'Ada L.', version: 2 },
    });
  });

  it('a profile that is not there is 404 to a change of fields, and to an If-Match it is another version', () => {
    expect(() => patch({ name: 'Eve' }, 1)).toThrow(ProblemError);
    expect(() => put(ADA, 1)).toThrow(StaleBasisError);
  });

  it('a profile that is sent as it is stays as it is', () => {
    put(ADA);
    expect(patch({}, 1).answer).toMatchObject({ customer: { version: 1 } });
    expect(customer()?.version).toBe(1);
  });

  it('a profile has a whole address or none', () => {
    put({ ...ADA, address: null });
    expect(() => patch({ address: { city: 'Leeds' } }, 1)).toThrow('address.line1');
    expect(patch({ address: ADDRESS }, 1).answer).toMatchObject({ customer: { address: ADDRESS } });
    expect(patch({ address: { city: 'Leeds' } }, 2).answer).toMatchObject({
      customer: { address: { ...ADDRESS, city: 'Leeds' } },
    });
  });
});

describe('two edits from one version', () => {
  beforeEach(() => void put(ADA));

  it('two edits of different fields are both there', () => {
    patch({ name: 'Ada L.' }, 1);
    patch({ phone: '+49 1' }, 1);
    expect(customer()).toMatchObject({ ...ADA, name: 'Ada L.', phone: '+49 1' });
  });

  it('two edits of one field: the second is refused, and names it', () => {
    patch({ phone: '+49 1' }, 1);
    expect(clashing(() => patch({ phone: '+49 2', name: 'Eve' }, 1))).toEqual(['phone']);
    expect(customer()).toMatchObject({ name: 'Ada', phone: '+49 1' });
  });

  it('two edits of different parts of the address: the second is refused, since an address of both would be nowhere', () => {
    patch({ address: { line1: '1 New Street' } }, 1);
    expect(clashing(() => patch({ address: { city: 'Leeds' } }, 1))).toEqual(['address/city']);
    expect(customer()).toMatchObject({ address: { line1: '1 New Street', city: 'London' } });
  });

  it('two edits to the same value do not clash', () => {
    patch({ phone: '+49 1' }, 1);
    expect(patch({ phone: '+49 1' }, 1).answer).toMatchObject({ customer: { phone: '+49 1' } });
  });

  it('a whole profile with the values of before reverts nothing and revives nothing', () => {
    patch({ name: 'Ada L.', phone: null }, 1);
    put({ ...ADA, email: 'new@example.org' }, 1);
    expect(customer()).toMatchObject({ name: 'Ada L.', phone: null, email: 'new@example.org', address: ADDRESS });
  });

  it('an edit that comes again with its key is answered as it was, whatever has changed since', () => {
    const first = patch({ phone: '+49 1' }, 1, 'key');
    patch({ phone: '+49 2' }, 2);
    expect(patch({ phone: '+49 1' }, 1, 'key')).toEqual({ ...first, replayed: true });
    expect(customer()).toMatchObject({ phone: '+49 2' });
  });
});
