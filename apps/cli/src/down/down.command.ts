import { defaultDir, stopRun } from '@backstep/infrastructure';
import type { Command } from 'commander';
import { print } from '../shared/output.js';

/** `backstep down`: ends what `backstep up` started, from another terminal or after a crash. */
export function down(program: Command): void {
  program
    .command('down')
    .description('stop what is running from this clone; its data stays')
    .action(async () => {
      print(
        (await stopRun(defaultDir()))
          ? 'Stopped.'
          : 'Nothing is running from this clone. (Containers: `docker compose down`.)',
      );
    });
}
