import { freeText } from '@backstep/messages';
import { z } from 'zod';
import { AccountId, Currency, MinorUnits } from '../fields.js';
import { Time } from './fields.js';

export const TransferStatus = z.enum(['QUEUED', 'APPLIED', 'REJECTED']).meta({
  id: 'TransferStatus',
  description:
    'QUEUED: stored, and not decided yet. APPLIED: the money is moved. REJECTED: no money is moved, and none will be; `reason` says why.',
});

/** A transfer as the payment service answers it. */
export const TransferView = z.object({
  id: z.uuid(),
  from: AccountId,
  to: AccountId,
  amount: MinorUnits,
  currency: Currency,
  reference: z.string().nullable(),
  status: TransferStatus,
  reason: z.string().nullable().meta({
    description:
      'Why it is REJECTED: `insufficient_funds`, `balance_too_large`; or `not_applied` when the service could not carry it out',
  }),
  settledAt: Time.nullable().meta({ description: 'When it was applied or rejected; null while it is queued' }),
});
export type TransferView = Readonly<z.infer<typeof TransferView>>;

/** `POST /transfers` */
export const TransferRequest = z
  .strictObject({
    from: AccountId,
    to: AccountId,
    amount: MinorUnits.min(1).meta({ description: 'Integer minor units of the currency of both accounts' }),
    reference: freeText(140).nullable().default(null).meta({ description: 'Kept with the transfer' }),
  })
  .refine(({ from, to }) => from !== to, { path: ['to'], error: 'must be another account than from' })
  .meta({
    id: 'RequestTransfer',
    examples: [
      {
        from: '0197a0c2-5b1e-7c3d-9a51-6a2c8f1d7b40',
        to: '0197a0c2-5b1e-7c3d-9a51-6a2c8f1d7b41',
        amount: 2_500,
        reference: 'rent of March',
      },
    ],
  });
export type TransferRequest = z.output<typeof TransferRequest>;
