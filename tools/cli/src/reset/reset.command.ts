import { existsSync } from 'node:fs';
import { defaultDir, emptyFolder, SetupError } from '@backstep/infrastructure';
import type { Command } from 'commander';
import { EXIT, teach } from '../shared/exit-codes.js';
import { ask, print } from '../shared/output.js';

/** `backstep reset`: back to an empty system. Orders, databases and Kafka's logs are gone after it. */
export function reset(program: Command): void {
  const command = program
    .command('reset')
    .description('remove all data of this clone: databases, topics, logs')
    .option('--yes', 'do not ask')
    .action(async ({ yes }: { yes?: true }) => {
      const dir = defaultDir();
      if (!existsSync(dir)) return print(`There is nothing in ${dir}.`);
      if (!yes && !(await confirmed(`Remove everything in ${dir}? [y/N] `))) return print('Nothing was removed.');
      await emptyFolder(dir);
      print(`${dir} is empty.`);
    });
  teach(command, ['reset', 'reset --yes'], [[EXIT.failed, 'there is nobody to confirm it: add --yes']]);
}

/** @throws SetupError when there is nobody to ask. */
async function confirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new SetupError('There is nobody to ask: add --yes to remove all data.');
  return /^y(es)?$/i.test(await ask(question));
}
