import { declareProblems } from '@backstep/problems';

/** The shop's own problem types. */
export const SHOP_PROBLEMS = declareProblems({
  unknownSku: ['unknown-sku', 422, 'A product is not known', 'The order names a SKU that is not listed'],
  unknownCustomer: [
    'unknown-customer',
    422,
    'The customer is not known',
    'The order names a customer that has no profile',
  ],
  unknownAccount: [
    'unknown-account',
    422,
    'An account is not known',
    'The transfer names an account that was never opened; `errors` names the field',
  ],
  otherCurrency: [
    'other-currency',
    422,
    'The accounts have different currencies',
    'Both accounts of a transfer need one currency',
  ],
  mixedCurrencies: [
    'mixed-currencies',
    422,
    'The products have different currencies',
    'All lines of an order need one currency',
  ],
});
