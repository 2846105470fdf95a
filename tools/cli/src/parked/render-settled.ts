import { printable } from '../shared/safe-text.js';
import { wrapToScreen } from '../shared/screen.js';
import { paintStatus, plain, type Paint } from '../shared/style.js';
import { fields } from '../shared/table.js';

/** What the gateway answers to a replay or a discard, or to its dry run. */
export interface ParkedOperation {
  readonly action: 'replay' | 'discard';
  readonly dryRun: boolean;
  readonly service: string;
  readonly state: string;
  readonly wouldRelease: readonly ReleasedMessage[];
  readonly decision: {
    readonly messages: readonly DecidedMessage[];
    readonly rows: readonly DecidedRow[];
    readonly effects: readonly string[];
    readonly truncated: boolean;
  } | null;
  readonly failure: { readonly cause: string; readonly error: string } | null;
}

interface ReleasedMessage {
  readonly id: string;
  readonly type: string | null;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

interface DecidedMessage {
  readonly type: string;
  readonly topic: string;
  readonly key: string;
  readonly data: unknown;
}

interface DecidedState {
  readonly version: number | null;
  readonly state: string | null;
}

interface DecidedRow {
  readonly table: string;
  readonly key: string;
  readonly from: DecidedState | null;
  readonly to: DecidedState | null;
}

/** What was done about a parked message, or would be: what became of it, what its handler decides, what follows it. */
export function settledText(answer: ParkedOperation, paint: Paint = plain): string {
  const { action, dryRun, service, state, wouldRelease, decision, failure } = answer;
  const became = paintStatus(paint, state);
  const head = failure
    ? `Dry run: it would fail again at ${service} and stay ${became}: ${failure.error} (${failure.cause})`
    : dryRun
      ? `Dry run: ${action} would make it ${became} at ${service}.`
      : `${became} at ${service}`;
  const parts = [wrapToScreen(printable(head), 2)];
  if (decision) parts.push(decisionText(decision, paint));
  if (wouldRelease.length > 0) parts.push(releasedText(wouldRelease, dryRun));
  if (dryRun)
    parts.push(
      wrapToScreen(paint('dim', 'Nothing was done. The same command with --reason and without --dry-run does it.')),
    );
  return parts.join('\n\n');
}

function decisionText(
  { messages, rows, effects, truncated }: NonNullable<ParkedOperation['decision']>,
  paint: Paint,
): string {
  const changes = rows.map(({ table, key, from, to }): [string, string] => [
    'Row',
    `${table} ${key}: ${stateText(from)} → ${stateText(to)}`,
  ]);
  const sent = messages.map(({ type, topic, key, data }): [string, string] => [
    'Sends',
    `${type} to ${topic}, key ${key}: ${data === null ? '(large)' : JSON.stringify(data)}`,
  ]);
  const follows = effects.map((effect): [string, string] => ['Then', effect]);
  const all = [...changes, ...sent, ...follows];
  if (all.length === 0) return 'It changes no row and sends nothing.';
  return fields(truncated ? [...all, ['', 'and more']] : all, paint);
}

const stateText = (one: DecidedState | null): string =>
  one === null ? 'none' : [one.version === null ? undefined : `v${one.version}`, one.state].filter(Boolean).join(' ');

const releasedText = (released: readonly ReleasedMessage[], dryRun: boolean): string =>
  [
    dryRun ? 'Behind it, in this order, would follow:' : 'Behind it follow, in this order:',
    ...released.map(
      ({ id, type, topic, partition, offset }) => `  ${type ?? '?'} ${id} (${topic}/${partition}@${offset})`,
    ),
  ]
    .map((line) => printable(line))
    .join('\n');
