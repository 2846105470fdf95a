import { printable } from '../shared/safe-text.js';
import { wrapToScreen } from '../shared/screen.js';
import { paintStatus, plain, type Paint } from '../shared/style.js';
import { fields } from '../shared/table.js';
import type { OperationAnswer, SentCommand } from './operable-saga.js';

/** What an action did, or would do, for people: the transition, and each command whole. */
export function operationText(answer: OperationAnswer, paint: Paint = plain): string {
  const { action, dryRun, transition, commands, saga } = answer;
  const from = paintStatus(paint, transition.from);
  const to = paintStatus(paint, transition.to);
  const waits = saga.awaiting ? `, waiting for ${saga.awaiting.step} (${saga.awaiting.direction})` : '';
  const what = dryRun ? `Dry run: ${action} would take it` : `${action}: it went`;
  return [
    wrapToScreen(printable(`${what} from ${from} to ${to}${waits}.`), 2),
    commands.length === 0 ? 'No command is sent.' : commands.map((command) => commandText(command, paint)).join('\n\n'),
    ...(dryRun ? [wrapToScreen(paint('dim', 'Nothing was done. The same command without --dry-run does it.'))] : []),
  ].join('\n\n');
}

const commandText = ({ id, type, topic, key, commandId, data }: SentCommand, paint: Paint): string =>
  fields(
    [
      ['Sends', type],
      ['Topic', topic],
      ['Key', key],
      ['Id', id],
      ['Command id', commandId],
      ['Data', JSON.stringify(data)],
    ],
    paint,
  );
