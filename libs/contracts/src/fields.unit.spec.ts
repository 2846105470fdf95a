import { describe, expect, it } from '@jest/globals';
import { line } from './fields.js';

/** Goal: text that PostgreSQL or a terminal would refuse is refused at the door, by name. */
describe('a line of text', () => {
  it.each(['Ada', 'Åse Ōkami 🦊', ' trimmed '])('takes %j', (text) => {
    expect(line(20).parse(text)).toBe(text.trim());
  });

  it.each([
    ['nothing', '  '],
    ['a NUL', 'a\u0000b'],
    ['a line break', 'a\nb'],
    ['half a surrogate pair', 'a\ud800b'],
    ['too much', 'x'.repeat(21)],
  ])('refuses %s', (_, text) => {
    expect(line(20).safeParse(text).success).toBe(false);
  });
});
