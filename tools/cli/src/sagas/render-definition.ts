import type { DescribedStep } from '@backstep/saga';
import { isTooWide } from '../shared/screen.js';
import { plain, type Paint } from '../shared/style.js';
import { fields, wholeTable } from '../shared/table.js';
import { span } from '../shared/time.js';

export interface DescribedSaga {
  readonly name: string;
  readonly version: number;
  readonly startsOn: string;
  readonly deadlineMs: number;
  readonly steps: readonly DescribedStep[];
}

/** A definition for people: a table, or a block for each step where the screen is too narrow for a table. */
export function definitionText(
  { name, version, startsOn, deadlineMs, steps }: DescribedSaga,
  paint: Paint = plain,
): string {
  const about = fields(
    [
      ['Saga', `${name} (version ${version})`],
      ['Starts on', startsOn],
      ['Deadline', `${span(deadlineMs)}, until the command of its pivot is sent`],
    ],
    paint,
  );
  const table = wholeTable<DescribedStep>(
    [
      { title: 'Step', cell: ({ step }) => step },
      { title: 'Kind', cell: ({ kind }) => kind },
      { title: 'Sends', cell: ({ command }) => paint('cyan', command) },
      { title: 'Done', cell: ({ done }) => done },
      { title: 'Refused', cell: ({ refused }) => refused },
      { title: 'Undo', cell: ({ undo }) => paint('cyan', undo) },
      { title: 'Undone', cell: ({ undone }) => undone },
      { title: 'Waits × attempts', cell: waits },
    ],
    steps,
    paint,
  );
  return `${about}\n\n${isTooWide(table) ? steps.map((step) => stepText(step, paint)).join('\n\n') : table}`;
}

/** How long each attempt waits for its answer × how many attempts there are. */
const waits = ({ timeoutMs, attempts }: Pick<DescribedStep, 'timeoutMs' | 'attempts'>): string =>
  `${timeoutMs / 1_000} s × ${attempts}`;

const stepText = (
  { step, kind, command, done, refused, undo, undone, ...retry }: DescribedStep,
  paint: Paint,
): string =>
  `${paint('bold', step)}\n${fields(
    [
      ['  Kind', kind],
      ['  Sends', command],
      ['  Done', done],
      ['  Refused', refused],
      ['  Undo', undo],
      ['  Undone', undone],
      ['  Waits', `${waits(retry)} attempts`],
    ],
    paint,
  )}`;
