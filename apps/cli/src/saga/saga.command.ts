import type { Command } from 'commander';
import { Api } from '../shared/api.js';
import { uuid } from '../shared/arguments.js';
import { EXIT, teach } from '../shared/exit-codes.js';
import { paint, printJson } from '../shared/output.js';
import type { Saga } from '../shared/representations.js';
import { gatewayOf, withCommonOptions, type CommonOptions } from '../shared/where.js';
import { sagaText } from './render-saga.js';

/** `backstep saga <id>`: one saga, step by step. */
export function saga(program: Command): void {
  const command = program
    .command('saga')
    .description('show a saga: its state, what it waits for, each step and compensation in the order they were asked')
    .argument('<id>', "the saga's id (`backstep sagas` lists them)", uuid)
    .action(async (id: string, options: CommonOptions) => {
      const found = await new Api(await gatewayOf(options)).get<Saga>(`/v1/sagas/${id}`);
      if (options.json) printJson(found);
      else console.log(sagaText(found, paint));
    });
  teach(
    withCommonOptions(command),
    [
      'saga 6f1c0b9e-3f6d-5c84-9a51-6a2c8f1d7b40',
      "saga 6f1c0b9e-3f6d-5c84-9a51-6a2c8f1d7b40 --json | jq '.steps[].state'",
    ],
    [[EXIT.notFound, 'there is no such saga']],
  );
}
