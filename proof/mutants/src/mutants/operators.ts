import type { Mutant } from '../mutant.js';
import { spec } from './checks.js';

/** What keeps operators from acting on what they have not seen. */
export const OPERATORS: readonly Mutant[] = [
  {
    name: 'several-versions-ignored',
    prevents: 'An action on several sagas is carried out on one that has moved on since the operator has looked.',
    edits: [
      {
        file: 'libs/saga/src/runtime/judged-operator.ts',
        find: 'this.inner.decide(request, state, context);',
        replace: `this.inner.decide(
        { ...request, expectedVersion: state.sagas.get(request.sagaId)?.version ?? 0 },
        state,
        context,
      );`,
      },
    ],
    check: spec('apps/orchestrator/src/place-order/when-an-operator-acts-on-several.int.spec.ts'),
  },
  {
    name: 'page-names-newest-version',
    prevents: 'The page says yes to what the saga has become, of which the operator has seen no dry run.',
    edits: [
      {
        file: 'apps/console/src/sagas/repair.ts',
        find: '? { ...look, newest } : look;',
        replace: '? { ...look, seen: newest, newest } : look;',
      },
    ],
    check: spec('apps/console/src/sagas/what-a-repair-asks-for.unit.spec.ts'),
  },
];
