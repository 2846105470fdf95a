import type { CustomerView } from '@backstep/contracts/http';
import type { Customer } from './customer.entity.js';

export const customerView = ({ id, name, email, phone, address, version }: Customer): CustomerView => ({
  id,
  name,
  email,
  phone,
  address,
  version,
});
