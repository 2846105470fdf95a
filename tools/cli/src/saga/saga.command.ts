import { InvalidArgumentError, type Command } from 'commander';
import { Api } from '../shared/api.js';
import { choiceArgument, idOrItsEnd, wholeNumber } from '../shared/arguments.js';
import { idArgument } from '../shared/completes.js';
import { EXIT, teach, UsageError } from '../shared/exit-codes.js';
import { fullId } from '../shared/full-id.js';
import { untilInterrupted } from '../shared/interruption.js';
import { paint, print, printJson, printJsonLine } from '../shared/output.js';
import { gatewayOf, withCommonOptions } from '../shared/where.js';
import { idOf } from '../shared/whose-id.js';
import { exitCodeOf, followSaga } from './follow-saga.js';
import { gatherEvidence } from './gather-evidence.js';
import { ACTIONS, type Action, type OperableSaga } from './operable-saga.js';
import { operate, type OperateOptions } from './operate.js';
import { evidenceText } from './render-evidence.js';
import { sagaText } from './render-saga.js';
import { SagaLog } from './saga-log.js';

interface SagaOptions extends OperateOptions {
  readonly follow?: true;
}

const VERSION_MAX = 999_999_999;

/** `backstep saga <id>`: one saga with all that is known of it. `backstep saga <id> retry`: what an operator does about it. */
export function saga(program: Command): void {
  const command = program
    .command('saga')
    .description('show a saga: its state, its steps, and from everywhere what was said, heard and stored; or repair it')
    .addArgument(idArgument('<id>', "the saga's id (`backstep sagas` lists them), or its end", ['saga'], sagaId))
    .addArgument(choiceArgument('[action]', 'what to do', ACTIONS))
    .option('-f, --follow', 'stay, and tell what it does, until it has ended; with --json the saga, one a line')
    .option('--reason <text>', 'why; kept with the saga')
    .option('--dry-run', 'show the exact commands that would be sent, and do nothing')
    .option('--by <name>', 'who acts; default: the user of this shell')
    .option('--if-version <version>', 'only if it still is at this version', wholeNumber(1, VERSION_MAX))
    .action((id: string, action: Action | undefined, { follow: stay, ...options }: SagaOptions) => {
      if (action === undefined) return stay ? follow(id, options) : show(id, options);
      if (stay) throw new UsageError('--follow shows what a saga does: give it without an action.');
      return operate(id, action, options);
    });
  teach(
    withCommonOptions(command),
    [
      'saga 6a2c8f1d7b40',
      'saga 6a2c8f1d7b40 --follow',
      "saga 6a2c8f1d7b40 --json | jq '.steps[].state'",
      'saga 6a2c8f1d7b40 retry --dry-run',
    ],
    [
      [EXIT.notFound, 'there is no such saga'],
      [EXIT.failed, 'with --follow: it ended COMPENSATED or ABANDONED'],
      [EXIT.refused, 'its state does not allow the action, or it has moved on since that version'],
      [EXIT.stillPending, 'with --follow: interrupted before it had ended'],
    ],
  ).addHelpText(
    'after',
    `
Actions:
  retry       sends again what a STUCK saga waits for, with a fresh budget of attempts
  skip        declares the awaited step, or compensation, done by hand
  compensate  undoes what is done, before the command of its pivot was sent
  abandon     gives it up: nothing more is undone, the order is told, what is left stays in sight`,
  );
}

/** The id is easily forgotten before an action: that is said, and not that the action is no id. */
function sagaId(text: string): string {
  if ((ACTIONS as readonly string[]).includes(text))
    throw new InvalidArgumentError(`The id is missing: \`backstep saga <id> ${text}\`.`);
  return idOrItsEnd(text);
}

/** An option that changes what an action does says nothing without one. */
function assertNoAction(options: OperateOptions): void {
  for (const option of ['reason', 'dryRun', 'by', 'ifVersion'] as const) {
    if (options[option] !== undefined) throw new UsageError(`Say what to do: ${ACTIONS.join(', ')}.`);
  }
}

async function follow(given: string, options: OperateOptions): Promise<void> {
  assertNoAction(options);
  const api = new Api(await gatewayOf(options));
  const id = await fullId(api, 'saga', given);
  const log = new SagaLog(paint);
  const read = () => api.get<OperableSaga>(`/v1/sagas/${id}`);
  await idOf(api, 'saga', id, read);
  process.exitCode = EXIT.stillPending;
  for await (const saga of followSaga(read, untilInterrupted())) {
    if (options.json) printJsonLine(saga);
    else log.lines(saga).forEach(print);
    process.exitCode = exitCodeOf(saga);
  }
}

async function show(given: string, options: OperateOptions): Promise<void> {
  assertNoAction(options);
  const api = new Api(await gatewayOf(options));
  const id = await fullId(api, 'saga', given);
  const shown = await idOf(api, 'saga', id, () => api.get<OperableSaga>(`/v1/sagas/${id}`));
  const evidence = await gatherEvidence(api, shown);
  const { saga: found, ...rest } = evidence;
  if (options.json) printJson({ ...found, evidence: rest });
  else print(`${sagaText(found, paint)}\n\n${evidenceText(evidence, paint)}`);
}
