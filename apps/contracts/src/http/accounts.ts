import { z } from 'zod';
import { AccountId, Currency, MinorUnits, RequestedCurrency } from '../fields.js';
import { Time, Version } from './fields.js';

/** The most that an account holds, minor units. A thousand such balances add up exactly in JSON's numbers. */
export const BALANCE_MAX = 1_000_000_000_000;

/** An account as the payment service answers it. */
export const AccountView = z.object({
  id: AccountId,
  currency: Currency,
  balance: z
    .int()
    .min(-BALANCE_MAX)
    .max(BALANCE_MAX)
    .meta({ description: 'Integer minor units. Below zero the account is overdrawn, at most by `overdraftLimit`' }),
  overdraftLimit: MinorUnits,
  openedAt: Time,
  version: Version,
});
export type AccountView = Readonly<z.infer<typeof AccountView>>;

/** `POST /accounts` */
export const OpenAccountRequest = z
  .strictObject({
    currency: RequestedCurrency.meta({ description: 'It never changes' }),
    openingBalance: MinorUnits.default(0).meta({ description: 'What is paid in from outside' }),
    overdraftLimit: MinorUnits.default(0).meta({ description: 'How far below zero the balance may fall' }),
  })
  .meta({ id: 'OpenAccount', examples: [{ currency: 'EUR', openingBalance: 100_000, overdraftLimit: 5_000 }] });
export type OpenAccountRequest = z.output<typeof OpenAccountRequest>;
