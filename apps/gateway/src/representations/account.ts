import { AccountView } from '@backstep/contracts/http';
import { z } from 'zod';
import { href, PATHS } from '../paths.js';
import { Link } from './fields.js';

export const Account = AccountView.extend({ links: z.object({ self: Link }) }).meta({ id: 'Account' });
export type Account = z.infer<typeof Account>;

export const toAccount = (account: AccountView): Account => ({
  id: account.id,
  currency: account.currency,
  balance: account.balance,
  overdraftLimit: account.overdraftLimit,
  openedAt: account.openedAt,
  version: account.version,
  links: { self: href(PATHS.account, { accountId: account.id }) },
});
