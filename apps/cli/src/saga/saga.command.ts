import { Argument, InvalidArgumentError, type Command } from 'commander';
import { Api } from '../shared/api.js';
import { idOrItsEnd, wholeNumber } from '../shared/arguments.js';
import { EXIT, teach, UsageError } from '../shared/exit-codes.js';
import { fullId } from '../shared/full-id.js';
import { paint, print, printJson } from '../shared/output.js';
import { gatewayOf, withCommonOptions, type CommonOptions } from '../shared/where.js';
import { idOf } from '../shared/whose-id.js';
import { gatherEvidence } from './gather-evidence.js';
import { ACTIONS, type Action, type OperableSaga } from './operable-saga.js';
import { operate, type OperateOptions } from './operate.js';
import { evidenceText } from './render-evidence.js';
import { sagaText } from './render-saga.js';

const VERSION_MAX = 999_999_999;

/** `backstep saga <id>`: one saga with all that is known of it. `backstep saga <id> retry`: what an operator does about it. */
export function saga(program: Command): void {
  const command = program
    .command('saga')
    .description(
      'show a saga: its state, its steps, and from everywhere what was said, heard and stored; or repair it:\n' +
        '  retry       ask once more what a STUCK saga waits for, with a fresh budget\n' +
        '  skip        declare the awaited step, or compensation, done by hand\n' +
        '  compensate  turn it back, before its pivot was asked\n' +
        '  abandon     give it up: nothing more is undone, the order is told, what is left stays in sight',
    )
    .argument('<id>', "the saga's id (`backstep sagas` lists them), or its end", sagaId)
    .addArgument(new Argument('[action]', 'what to do').choices(ACTIONS))
    .option('--reason <text>', 'why; kept with the saga')
    .option('--dry-run', 'show the exact commands that would be sent, and do nothing')
    .option('--by <name>', 'who acts; default: the user of this shell')
    .option('--if-version <version>', 'only if it still is at this version', wholeNumber(1, VERSION_MAX))
    .action((id: string, action: Action | undefined, options: OperateOptions) =>
      action === undefined ? show(id, options) : operate(id, action, options),
    );
  teach(
    withCommonOptions(command),
    [
      'saga 6f1c0b9e-3f6d-5c84-9a51-6a2c8f1d7b40',
      "saga 6f1c0b9e-3f6d-5c84-9a51-6a2c8f1d7b40 --json | jq '.steps[].state'",
      'saga 6f1c0b9e-3f6d-5c84-9a51-6a2c8f1d7b40 retry --reason "the provider is back, INC-42" --dry-run',
    ],
    [
      [EXIT.notFound, 'there is no such saga'],
      [EXIT.refused, 'its state does not allow the action, or it has moved on since that version'],
    ],
  );
}

/** The id is easily forgotten before an action: that is said, and not that the action is no id. */
function sagaId(text: string): string {
  if ((ACTIONS as readonly string[]).includes(text))
    throw new InvalidArgumentError(`The id is missing: \`backstep saga <id> ${text}\`.`);
  return idOrItsEnd(text);
}

async function show(given: string, options: OperateOptions): Promise<void> {
  for (const option of ['reason', 'dryRun', 'by', 'ifVersion'] as const) {
    if (options[option] !== undefined) throw new UsageError(`Say what to do: ${ACTIONS.join(', ')}.`);
  }
  const where: CommonOptions = options;
  const api = new Api(await gatewayOf(where));
  const id = await fullId(api, 'saga', given);
  const shown = await idOf(api, 'saga', id, () => api.get<OperableSaga>(`/v1/sagas/${id}`));
  const evidence = await gatherEvidence(api, shown, where);
  const { saga: found, ...rest } = evidence;
  if (where.json) printJson({ ...found, evidence: rest });
  else print(`${sagaText(found, paint)}\n\n${evidenceText(evidence, paint)}`);
}
