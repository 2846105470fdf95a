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
  changeInProgress: [
    'change-in-progress',
    409,
    'Another change of the order is at work',
    '`change` says which, and since when; it ends by itself',
  ],
  tooLate: [
    'too-late',
    409,
    'It can no longer be changed',
    'It has gone on too far: `state` is its status, `detail` says what stands against it',
  ],
  inProgress: [
    'in-progress',
    409,
    'Something else is being done with it',
    'The payment provider is asked at the moment; nothing was done, try again after `Retry-After`',
  ],
  paymentMethodMissing: [
    'payment-method-missing',
    422,
    'A payment method is needed',
    'Neither the payment intent nor the request names one',
  ],
  unknownLine: [
    'unknown-line',
    422,
    'The order has no such line',
    'The revision names a line that the order does not have',
  ],
  emptyOrder: [
    'empty-order',
    422,
    'Nothing would be left of the order',
    'The revision removes every line; the order can be cancelled instead',
  ],
  signatureInvalid: [
    'signature-invalid',
    400,
    'The signature is not valid',
    'No signature in the header is one of this body by the common secret, or its timestamp is too old',
  ],
  mixedCurrencies: [
    'mixed-currencies',
    422,
    'The products have different currencies',
    'All lines of an order need one currency',
  ],
});
