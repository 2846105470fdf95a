import { defaultDir, stopRun } from '@backstep/infrastructure';
import type { Command } from 'commander';
import { teach } from '../shared/exit-codes.js';
import { print } from '../shared/output.js';

/** `backstep down`: ends what `backstep up` started, from another terminal or after a crash. */
export function down(program: Command): void {
  const command = program
    .command('down')
    .description('stop what is running from this clone; its data stays')
    .action(async () => {
      print(
        (await stopRun(defaultDir()))
          ? 'Stopped.'
          : 'Nothing is running from this clone. (Containers: `docker compose down`.)',
      );
    });
  teach(command, ['down']);
}
