import { TransferView } from '@backstep/contracts/http';
import { z } from 'zod';
import { href, PATHS } from '../paths.js';
import { Link } from './fields.js';

export const Transfer = TransferView.extend({ links: z.object({ self: Link, from: Link, to: Link }) }).meta({
  id: 'Transfer',
});
export type Transfer = z.infer<typeof Transfer>;

export const toTransfer = (transfer: TransferView): Transfer => ({
  id: transfer.id,
  from: transfer.from,
  to: transfer.to,
  amount: transfer.amount,
  currency: transfer.currency,
  reference: transfer.reference,
  status: transfer.status,
  reason: transfer.reason,
  settledAt: transfer.settledAt,
  links: {
    self: href(PATHS.transfer, { transferId: transfer.id }),
    from: href(PATHS.account, { accountId: transfer.from }),
    to: href(PATHS.account, { accountId: transfer.to }),
  },
});
