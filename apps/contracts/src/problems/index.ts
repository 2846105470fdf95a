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
  mixedCurrencies: [
    'mixed-currencies',
    422,
    'The products have different currencies',
    'All lines of an order need one currency',
  ],
});
