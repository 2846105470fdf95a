import type { Command } from 'commander';
import { EXIT, teach } from '../shared/exit-codes.js';
import { paint, print, printJson } from '../shared/output.js';
import { definitionText } from './render-definition.js';

/** `backstep sagas describe [name]`: the table of a saga, as this clone has it. Nothing needs to run. */
export function describe(parent: Command): void {
  const command = parent
    .command('describe')
    .description("show a saga's definition: each step with its command, its answers, and how it is undone")
    .argument('[name]', 'such as place-order; left out, all that there are')
    .option('--json', 'print JSON, for programs')
    .action(async (name: string | undefined, { json }: { json?: true }) => {
      // Loaded when it is asked for: with it comes all that a saga runs on.
      const { describedSagas } = await import('./described-sagas.js');
      const sagas = await describedSagas(name);
      if (json) printJson({ items: sagas });
      else print(sagas.map((saga) => definitionText(saga, paint)).join('\n\n'));
    });
  teach(
    command,
    ['sagas describe place-order', "sagas describe --json | jq -r '.items[].steps[].step'"],
    [[EXIT.notFound, 'there is no such saga']],
  ).addHelpText(
    'after',
    `
Kinds of steps:
  compensatable  can be undone, and is when a later step is refused
  pivot          decides: once it is done, the saga goes forward to its end
  retriable      comes after the pivot, and is sent until it is done
  when undone    is sent when everything is undone`,
  );
}
