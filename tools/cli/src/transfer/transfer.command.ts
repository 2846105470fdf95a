import { Argument, type Command } from 'commander';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Api } from '../shared/api.js';
import { uuid, wholeNumber } from '../shared/arguments.js';
import { EXIT, teach } from '../shared/exit-codes.js';
import { paint, print, printJson } from '../shared/output.js';
import type { Transfer } from '../shared/representations.js';
import { gatewayOf, withCommonOptions, type CommonOptions } from '../shared/where.js';
import { transferText } from './render-transfer.js';

/** Minor units. */
const AMOUNT_MAX = 100_000_000_000;
const WAIT_MAX_SECONDS = 60;
const WAIT_DEFAULT_SECONDS = 10;
const ASK_EVERY_MS = 200;

interface TransferOptions extends CommonOptions {
  readonly reference?: string;
  readonly skipQueue?: boolean;
  readonly key?: string;
  readonly wait: number;
}

/** `backstep transfer <from> <to> <amount>`: money from one account to another, watched to its end. */
export function transfer(program: Command): void {
  const command = program
    .command('transfer')
    .description('move money from one account to another, and wait for how it ends')
    .addArgument(new Argument('<from>', 'the id of the account that pays').argParser(uuid))
    .addArgument(new Argument('<to>', 'the id of the account that is paid').argParser(uuid))
    .addArgument(new Argument('<amount>', 'minor units (cents)').argParser(wholeNumber(1, AMOUNT_MAX)))
    .option('--reference <text>', 'kept with the transfer')
    .option('--skip-queue', 'decided in the request, with no order among those that are queued')
    .option('--key <key>', 'Idempotency-Key: with the same key it is the same transfer (default: a new one)')
    .option(
      '--wait <seconds>',
      'how long to wait for the outcome; 0 returns as soon as it is queued',
      wholeNumber(0, WAIT_MAX_SECONDS),
      WAIT_DEFAULT_SECONDS,
    )
    .action(move);
  teach(
    withCommonOptions(command),
    ['transfer "$FROM" "$TO" 2500 --reference rent'],
    [
      [EXIT.failed, 'the transfer was rejected: the account does not cover it'],
      [EXIT.refused, 'the transfer was not accepted, such as for an unknown account'],
      [EXIT.stillPending, 'the transfer is queued, and was not decided within --wait'],
    ],
  );
}

async function move(from: string, to: string, amount: number, options: TransferOptions): Promise<void> {
  const { reference, skipQueue = false, key, wait, ...where } = options;
  const api = new Api(await gatewayOf(where));
  const { body: accepted } = await api.request<Transfer>('POST', '/v1/transfers', {
    query: { skipQueue: String(skipQueue) },
    headers: { 'idempotency-key': key ?? randomUUID() },
    body: { from, to, amount, ...(reference !== undefined && { reference }) },
  });
  const ended = await untilDecided(api, accepted, wait);
  if (where.json) printJson(ended);
  else print(transferText(ended, paint));
  if (ended.status === 'REJECTED') process.exitCode = EXIT.failed;
  else if (ended.status === 'QUEUED' && wait > 0) process.exitCode = EXIT.stillPending;
}

async function untilDecided(api: Api, accepted: Transfer, waitSeconds: number): Promise<Transfer> {
  const until = performance.now() + waitSeconds * 1_000;
  let now = accepted;
  while (now.status === 'QUEUED' && performance.now() < until) {
    await delay(ASK_EVERY_MS);
    now = await api.get<Transfer>(`/v1/transfers/${accepted.id}`);
  }
  return now;
}
