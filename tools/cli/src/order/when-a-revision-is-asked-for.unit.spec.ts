import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from '@jest/globals';
import { addLine, addressPart, removeLine, setQuantity } from './requested-revision.js';

/** Goal: what is typed is what is asked, in the order in which it is typed, or refused with what it should be. */
describe('the options of a revision', () => {
  it('operations are read one by one', () => {
    expect(setQuantity('mug-blue=3', undefined)).toEqual([{ op: 'setQuantity', sku: 'mug-blue', quantity: 3 }]);
    expect(addLine('teapot=1', addLine('mug-red=2', undefined))).toEqual([
      { op: 'addLine', sku: 'mug-red', quantity: 2 },
      { op: 'addLine', sku: 'teapot', quantity: 1 },
    ]);
    expect(removeLine('teapot', undefined)).toEqual([{ op: 'removeLine', sku: 'teapot' }]);
  });

  it('parts of an address are gathered, with whatever characters they have', () => {
    expect(addressPart('line1=1 New Street = 2', addressPart('city=Bonn'))).toEqual({
      city: 'Bonn',
      line1: '1 New Street = 2',
    });
  });

  it.each(['mug-blue', 'mug-blue=', 'mug-blue=0', 'mug-blue=many', '=3'])('the operation %s is refused', (text) => {
    expect(() => setQuantity(text, undefined)).toThrow(InvalidArgumentError);
  });

  it.each(['Bonn', 'town=Bonn', '=Bonn'])('the part of an address %s is refused', (text) => {
    expect(() => addressPart(text)).toThrow(InvalidArgumentError);
  });
});
