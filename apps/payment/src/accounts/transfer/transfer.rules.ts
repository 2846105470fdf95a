import { SHOP_PROBLEMS } from '@backstep/contracts/problems';
import type { TransferRequest, TransferView } from '@backstep/contracts/http';
import { ProblemError, PROBLEMS, type ProblemType } from '@backstep/problems';

/**
 * The currency of both accounts. Accounts are never deleted and keep their currency, so what holds once holds when a queued transfer is applied.
 * @param currencies by account
 * @throws ProblemError that names the field
 */
export function currencyOf({ from, to }: TransferRequest, currencies: ReadonlyMap<string, string>): string {
  if (from === to) throw wrong(PROBLEMS.validation, 'to', 'must be another account than from');
  const [ofPayer, ofPayee] = [currencies.get(from), currencies.get(to)];
  if (ofPayer === undefined) throw wrong(SHOP_PROBLEMS.unknownAccount, 'from', 'is the id of no account');
  if (ofPayee === undefined) throw wrong(SHOP_PROBLEMS.unknownAccount, 'to', 'is the id of no account');
  if (ofPayer === ofPayee) return ofPayer;
  throw wrong(SHOP_PROBLEMS.otherCurrency, 'to', `is in ${ofPayee}, and from in ${ofPayer}`);
}

/** @returns the transfer that is known under the id. @throws ProblemError `idempotency-key-reused` when the id was used for another one */
export function sameTransfer<T extends TransferView>(known: T, asked: TransferRequest): T {
  const same = (['from', 'to', 'amount', 'reference'] as const).every((name) => known[name] === asked[name]);
  if (same) return known;
  throw new ProblemError(PROBLEMS.idempotencyKeyReused, {
    detail: 'Send another transfer with another Idempotency-Key.',
  });
}

const wrong = (problem: ProblemType, field: string, message: string): ProblemError =>
  new ProblemError(problem, {
    detail: `${field}: ${message}`,
    errors: [{ in: 'body', field, pointer: `#/${field}`, message }],
  });
