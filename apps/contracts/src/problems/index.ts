import { declareProblems } from '@backstep/problems';

/** The shop's own problem types. */
export const SHOP_PROBLEMS = declareProblems({
  unknownSku: ['unknown-sku', 422, 'A product is not known', 'The order names a SKU that is not listed'],
  mixedCurrencies: [
    'mixed-currencies',
    422,
    'The products have different currencies',
    'All lines of an order need one currency',
  ],
});
