import { PostalAddress } from '@backstep/contracts';
import { check, ProblemError, PROBLEMS } from '@backstep/problems';
import { byField, merge, type StalePolicy } from '@backstep/unit-of-work';
import { z } from 'zod';
import type { Customer } from './customer.entity.js';

/** What a request changes of a profile: a JSON Merge Patch of its fields. */
export interface CustomerEdit {
  readonly name?: string | undefined;
  readonly email?: string | null | undefined;
  readonly phone?: string | null | undefined;
  readonly address?: Partial<PostalAddress> | null | undefined;
}

/** A request to change a profile. */
export interface EditCustomer<E extends CustomerEdit = CustomerEdit> {
  readonly id: string;
  /** The version of the If-Match. */
  readonly basis: number | undefined;
  readonly edit: E;
}

/** Street, city, postal code and country make sense only together. */
const mergeFields = merge(
  byField({ together: [['address/line1', 'address/city', 'address/postalCode', 'address/country']] }),
);

/**
 * Two who edit different fields of a profile do not disturb each other; the same field, or two parts of one address, go to whoever was
 * first. A profile that is there is not changed by who does not say what was seen of it.
 */
export const mergeStaleEdits: StalePolicy<CustomerEdit> = (based) =>
  based.row !== undefined && based.basis === undefined ? { verdict: 'basis required' } : mergeFields(based);

/** @throws ProblemError `validation` naming the part of the address that is missing after a merge */
export function checkAddress(customer: Pick<Customer, 'address'>): void {
  check(WithAddress, customer, 'body');
}

const WithAddress = z.object({ address: PostalAddress.nullable() });

export const unknownCustomer = (id: string): ProblemError =>
  new ProblemError(PROBLEMS.notFound, { detail: `There is no customer ${id}.` });
