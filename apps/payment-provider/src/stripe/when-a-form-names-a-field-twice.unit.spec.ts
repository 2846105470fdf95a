import { ProblemError } from '@backstep/problems';
import { describe, expect, it } from '@jest/globals';
import { parseForm } from './form.js';

/** Goal: no charge takes the last of two amounts. Method: the parser alone. */
describe('a form', () => {
  it.each(['amount=100&amount=900', 'amount=100&%61mount=100'])(
    'a form with %s is refused by the name of the field',
    (body) => {
      const read = () => parseForm(body);
      expect(read).toThrow(ProblemError);
      expect(read).toThrow('amount: was given more than once');
    },
  );

  it('a form with each field once is read', () => {
    expect(Object.fromEntries(parseForm('amount=100&metadata[orderId]=a'))).toEqual({
      amount: '100',
      'metadata[orderId]': 'a',
    });
  });
});
