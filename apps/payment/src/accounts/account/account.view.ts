import type { AccountView } from '@backstep/contracts/http';
import type { Account } from './account.entity.js';

export const accountView = ({ id, currency, balance, overdraftLimit, openedAt, version }: Account): AccountView => ({
  id,
  currency,
  balance,
  overdraftLimit,
  openedAt: new Date(openedAt).toISOString(),
  version,
});
