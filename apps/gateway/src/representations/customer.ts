import { CustomerView } from '@backstep/contracts/http';
import { z } from 'zod';
import { href, PATHS } from '../paths.js';
import { Link } from './fields.js';

export const Customer = CustomerView.extend({ links: z.object({ self: Link }) }).meta({ id: 'Customer' });
export type Customer = z.infer<typeof Customer>;

export const toCustomer = ({ id, name, email, phone, address, version }: CustomerView): Customer => ({
  id,
  name,
  email,
  phone,
  address,
  version,
  links: { self: href(PATHS.customer, { customerId: id }) },
});
