import type { CustomerView } from '@backstep/contracts/http';
import { idempotent } from '@backstep/idempotency';
import { insert, one, patched, update, type Change, type EditHandler, type LoadedNeeds } from '@backstep/unit-of-work';
import { Customer } from '../customer/customer.entity.js';
import { checkAddress, mergeStaleEdits, type CustomerEdit, type EditCustomer } from '../customer/customer.rules.js';
import { customerView } from '../customer/customer.view.js';

/** All fields: one that the request leaves out is null. */
export type WholeCustomer = CustomerEdit & { readonly name: string };

export interface PutCustomerAnswer {
  readonly created: boolean;
  readonly customer: CustomerView;
}

const needs = ({ id }: EditCustomer<WholeCustomer>) => ({ customer: one(Customer, id) });

/**
 * Creates a profile, or replaces one. A field that is as it was at the version the caller began from is no change of it, so that two who send
 * the whole profile do not revert each other.
 */
export class PutCustomerHandler implements EditHandler<
  EditCustomer<WholeCustomer>,
  PutCustomerAnswer,
  ReturnType<typeof needs>
> {
  readonly needs = needs;
  readonly edits = 'customer';
  readonly onStale = mergeStaleEdits;
  readonly current = ({ customer }: LoadedNeeds<ReturnType<typeof needs>>): unknown =>
    customer && customerView(customer);

  decide(
    { id, edit }: EditCustomer<WholeCustomer>,
    { customer }: LoadedNeeds<ReturnType<typeof needs>>,
  ): { answer: PutCustomerAnswer; changes: Change[] } {
    if (!customer) {
      const { name, email = null, phone = null } = edit;
      const created = insert(Customer, { id, name, email, phone, address: addressOf(edit) });
      return { answer: { created: true, customer: customerView({ ...created.row, version: 1 }) }, changes: [created] };
    }
    return edited(customer, edit);
  }
}

/** A new address is whole: the schema of the request says so. */
const addressOf = ({ address }: WholeCustomer): Customer['address'] => (address ?? null) as Customer['address'];

/** The profile as the edit leaves it. @throws ProblemError `validation` when its address is not whole */
export function edited(customer: Customer, edit: CustomerEdit): { answer: PutCustomerAnswer; changes: Change[] } {
  const fields = patched(customer, edit);
  if (Object.keys(fields).length === 0) {
    return { answer: { created: false, customer: customerView(customer) }, changes: [] };
  }
  const change = update(Customer, customer, fields);
  checkAddress(change.row);
  const shown = customerView({ ...change.row, version: customer.version + 1 });
  return { answer: { created: false, customer: shown }, changes: [change] };
}

/** The same with one effect for one key, where the client sends one. */
export const putCustomerOnce = idempotent(new PutCustomerHandler(), { operation: 'putCustomer' });
