import { expect, it } from '@jest/globals';
import { Command } from 'commander';
import { type SpanOptions, spanQuery, withSpanOptions } from './span-options.js';

/** Goal: who asks for a list of a span is shown those from its beginning on and before its end. Method: the options as they are typed. */
function asked(...args: readonly string[]): ReturnType<typeof spanQuery> {
  const command = withSpanOptions(
    new Command().exitOverride().configureOutput({ writeErr: () => undefined }),
    'placed',
  );
  return spanQuery(command.parse(args, { from: 'user' }).opts<SpanOptions>());
}

it('a span is asked for as the API takes it, in UTC', () => {
  expect(asked('--from', '2026-03-01T12:30+02:00', '--to', '2026-03-02')).toEqual({
    from: '2026-03-01T10:30:00.000Z',
    to: '2026-03-02T00:00:00.000Z',
  });
});

it('an end can be so long ago, and a beginning can be left out', () => {
  const before = Date.now() - 7_200_000;
  const { from, to } = asked('--to', '2h');
  expect(from).toBeUndefined();
  expect(Date.parse(to ?? '')).toBeGreaterThanOrEqual(before);
  expect(Date.parse(to ?? '')).toBeLessThanOrEqual(Date.now() - 7_200_000);
});

it('what is no time is refused before the API is asked', () => {
  expect(() => asked('--from', 'yesterday')).toThrow('It must be a span');
});
