import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { Api } from '../shared/api.js';
import { teach, UsageError } from '../shared/exit-codes.js';
import { untilInterrupted } from '../shared/interruption.js';
import { paint, print, printError, printJson, printJsonLine } from '../shared/output.js';
import type { Contention, KeyContention } from '../shared/representations.js';
import { gatewayOf, withCommonOptions, type CommonOptions } from '../shared/where.js';
import { contentionText } from './render-contention.js';
import { keyText } from './render-key.js';

interface ContentionOptions extends CommonOptions {
  readonly watch?: true;
  readonly key?: string;
}

/** How often `--watch` asks again, milliseconds: as often as instances tell. */
const AGAIN_MS = 5_000;

/** `backstep contention`: what writes lose to each other, and which keys are locked for it. */
export function contention(program: Command): void {
  const command = program
    .command('contention')
    .description('show how much the writes of each service lose to each other, and for which keys')
    .option('--key <service/entity/key>', 'how this key is taken, and what was decided about it in the last hour')
    .option('--watch', 'ask again every five seconds, until Ctrl-C')
    .action(run);
  teach(withCommonOptions(command), [
    'contention',
    'contention --watch',
    'contention --key inventory/Stock/teapot',
  ]).addHelpText(
    'after',
    `
Of the last minute, all instances of a service together.
  idle       fewer than 100 attempts a minute
  elevated   more than 10 % of them are lost
  high       more than 20 %`,
  );
}

async function run({ watch, key, ...where }: ContentionOptions): Promise<void> {
  const keyPath = key === undefined ? undefined : pathOf(key);
  const api = new Api(await gatewayOf(where));
  const signal = untilInterrupted();
  const show = (found: unknown, text: () => string): void => {
    if (where.json) (watch ? printJsonLine : printJson)(found);
    else print(text());
  };
  do {
    if (keyPath !== undefined) {
      const found = await api.get<KeyContention>(keyPath);
      show(found, () => keyText(found, paint));
    } else {
      const found = await api.get<Contention>('/v1/contention');
      show(found, () => contentionText(found, paint));
      if (!where.json && found.unreachable.length > 0)
        printError(`Missing, because it did not answer: ${found.unreachable.join(', ')}`);
    }
    if (watch) await delay(AGAIN_MS, undefined, { signal }).catch(() => undefined);
  } while (watch && !signal.aborted);
}

/** A key may have slashes itself. @throws UsageError */
function pathOf(given: string): string {
  const [, service, entity, key] = /^([^/]+)\/([^/]+)\/(.+)$/s.exec(given) ?? [];
  if (service === undefined || entity === undefined || key === undefined)
    throw new UsageError('--key names a service, an entity and a key of it: inventory/Stock/teapot');
  return `/v1/contention/keys/${[service, entity, key].map(encodeURIComponent).join('/')}`;
}
