import { idempotent } from '@backstep/idempotency';
import { one, whenThere, type Change, type EditHandler, type LoadedNeeds } from '@backstep/unit-of-work';
import { Customer } from '../customer/customer.entity.js';
import { mergeStaleEdits, unknownCustomer, type EditCustomer } from '../customer/customer.rules.js';
import { customerView } from '../customer/customer.view.js';
import { edited, type PutCustomerAnswer } from '../put-customer/put-customer.handler.js';

const needs = ({ id }: EditCustomer) => ({ customer: one(Customer, id) });

/** Changes some fields of a profile. */
export class PatchCustomerHandler implements EditHandler<EditCustomer, PutCustomerAnswer, ReturnType<typeof needs>> {
  readonly needs = needs;
  readonly edits = 'customer';
  readonly onStale = whenThere(mergeStaleEdits);
  readonly current = ({ customer }: LoadedNeeds<ReturnType<typeof needs>>): unknown =>
    customer && customerView(customer);

  decide(
    { id, edit }: EditCustomer,
    { customer }: LoadedNeeds<ReturnType<typeof needs>>,
  ): { answer: PutCustomerAnswer; changes: Change[] } {
    if (!customer) throw unknownCustomer(id);
    return edited(customer, edit);
  }
}

/** The same with one effect for one key, where the client sends one. */
export const patchCustomerOnce = idempotent(new PatchCustomerHandler(), { operation: 'patchCustomer' });
