import { expect, it } from '@jest/globals';
import { adaptive, Contended, locked, optimistic, strategyOf, type Strategy } from './index.js';

/** Goal: what `@Contended` says of a class is what the unit of work finds, and nonsense is refused where it is declared. */
const declared = (strategy: Strategy) => {
  class Loaf {}
  Contended(strategy)(Loaf);
  return strategyOf(Loaf);
};

it('a class without @Contended is adaptive: in at 15 %, out at 5 %', () => {
  class Loaf {}
  expect(strategyOf(Loaf)).toEqual({ kind: 'adaptive', enter: 0.15, leave: 0.05 });
});

it('a class has the strategy that it declares, with the defaults of what is left out', () => {
  expect(declared(optimistic())).toEqual({ kind: 'optimistic' });
  expect(declared(locked())).toEqual({ kind: 'locked', wait: 2_000 });
  expect(declared(locked({ wait: 0 }))).toEqual({ kind: 'locked', wait: 0 });
  expect(declared(adaptive({ enter: 0.3 }))).toEqual({ kind: 'adaptive', enter: 0.3, leave: 0.05 });
});

it.each<[string, Strategy, RegExp]>([
  ['a negative wait', locked({ wait: -1 }), /^@Contended of Loaf: wait must be .* not -1$/],
  ['a wait that is no whole number', locked({ wait: 0.5 }), /^@Contended of Loaf: wait/],
  ['a wait that is no number', locked({ wait: NaN }), /^@Contended of Loaf: wait/],
  ['a wait of more than an hour', locked({ wait: 3_600_001 }), /^@Contended of Loaf: wait/],
  ['a share that is left where it is entered', adaptive({ enter: 0.1, leave: 0.1 }), /^@Contended of Loaf: .*0\.1/],
  ['a share of everything', adaptive({ enter: 1 }), /^@Contended of Loaf/],
  ['a share of nothing', adaptive({ leave: 0 }), /^@Contended of Loaf/],
  ['a share that is no number', adaptive({ enter: NaN }), /^@Contended of Loaf/],
])('%s is refused with an error that names the class', (_, strategy, message) => {
  expect(() => declared(strategy)).toThrow(message);
});
