import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { COMMAND_NAMES, programOf } from '../commands.js';
import { choiceArgument } from '../shared/arguments.js';
import { teach } from '../shared/exit-codes.js';
import { print } from '../shared/output.js';
import { printable } from '../shared/safe-text.js';
import { candidatesFor } from './candidates.js';
import { knownIds } from './known-ids.js';
import { scriptFor, SHELLS, type Shell } from './scripts.js';

const BIN = fileURLToPath(new URL('../../bin/backstep.mjs', import.meta.url));

/** `backstep completion bash`: a script to source. The script calls `backstep completion words` for each completion. */
export function completion(program: Command): void {
  const command = program
    .command('completion')
    .description('print a script that completes commands, options, choices and ids in a shell')
    .addArgument(choiceArgument('<shell>', 'yours', SHELLS))
    .enablePositionalOptions()
    .action((shell: Shell) => print(scriptFor(shell, process.execPath, BIN)));
  command
    .command('words', { hidden: true })
    .description('what may stand where the cursor is, one a line, each with what it is')
    .argument('<words...>', 'all after `backstep`, as far as they are typed')
    .action(words);
  teach(command, []).addHelpText(
    'after',
    `
In this shell, or in its start file:
  bash   source <(npx backstep completion bash)
  zsh    source <(npx backstep completion zsh)
  fish   npx backstep completion fish | source

Where there is no program backstep on the PATH, the script makes it a function of the shell.`,
  );
}

async function words(given: readonly string[]): Promise<void> {
  const found = await candidatesFor(given, {
    names: COMMAND_NAMES,
    program: (name) => programOf([name]),
    ids: (kinds) => knownIds(kinds, given.at(-1) ?? ''),
  });
  for (const { word, about } of found) print(about === '' ? printable(word) : `${printable(word)} ${printable(about)}`);
}
