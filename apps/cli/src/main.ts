import { SetupError } from '@backstep/infrastructure';
import { Command } from 'commander';
import { down } from './down/down.command.js';
import { env } from './env/env.command.js';
import { reset } from './reset/reset.command.js';
import { up } from './up/up.command.js';

const program = new Command('backstep')
  .description('Orders across services that share no database, never left half done.')
  .showHelpAfterError('Add --help for how to use it.');

for (const register of [up, down, reset, env]) register(program);

try {
  await program.parseAsync();
} catch (error) {
  // What a person can mend is told in a sentence; anything else is a fault of ours, and its stack is what helps.
  console.error(error instanceof SetupError ? error.message : error);
  process.exitCode = 1;
}
