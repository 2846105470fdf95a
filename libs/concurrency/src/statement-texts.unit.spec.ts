import { describe, expect, it } from '@jest/globals';
import { StatementTexts } from './statement-texts.js';

/**
 * Goal: each combination of parts has a text of its own, which is made once.
 * Method: texts of parts that look alike, and more of them than are kept.
 */
describe('the texts of statements', () => {
  it('the text of a statement is made once for the same parts in the same order', () => {
    const texts = new StatementTexts();
    let made = 0;
    const text = (...parts: string[]): string => texts.of(parts, () => `${parts.join('+')} ${++made}`);
    expect(text('a', 'b')).toBe('a+b 1');
    expect(text('b', 'a')).toBe('b+a 2');
    expect(text('a')).toBe('a 3');
    expect(text('a', 'b')).toBe('a+b 1');
    expect(text()).toBe(' 4');
  });

  it('the text of a statement is another one for equal parts that are not the same object', () => {
    const texts = new StatementTexts();
    const [one, other] = [{ name: 'shelf' }, { name: 'shelf' }];
    expect(texts.of([one], () => 'one')).toBe('one');
    expect(texts.of([other], () => 'other')).toBe('other');
  });

  it('the text of a statement is right beyond the bound of kept texts', () => {
    const texts = new StatementTexts();
    for (let round = 0; round < 3; round++) {
      for (let n = 0; n < 1_500; n++) expect(texts.of(['part', n], () => `text ${n}`)).toBe(`text ${n}`);
    }
  });
});
