import { describe, expect, it } from '@jest/globals';
import { COMMAND_NAMES, programOf } from '../commands.js';
import { candidatesFor, type Surroundings } from './candidates.js';
import { scriptFor, SHELLS } from './scripts.js';

/** Goal: a shell completes what a person may type. Method: the real tree of commands; ids as if they had been asked for. */
const around: Surroundings = {
  names: COMMAND_NAMES,
  program: (name) => programOf([name]),
  ids: (kinds) => Promise.resolve(kinds.map((kind) => ({ word: `id-of-${kind.replace(' ', '-')}`, about: 'PENDING' }))),
};
const words = async (...typed: string[]): Promise<string[]> =>
  (await candidatesFor(typed, around)).map(({ word }) => word);

describe('a word', () => {
  it.each<[string, string[], string[]]>([
    ['a command', ['sag'], ['saga', 'sagas']],
    ['an option', ['orders', '--st'], ['--status']],
    ['a choice of an option', ['orders', '--status', 'p'], ['PENDING']],
    ['a choice after =', ['orders', '--status=re'], ['REJECTED', 'REVISING']],
    ['a choice after =, as bash splits words', ['orders', '--status', '=', 'CON'], ['CONFIRMED']],
    ['a subcommand', ['parked', 'rep'], ['replay']],
    ['an option of a subcommand', ['parked', 'replay', '--serv'], ['--service']],
    ['an action of a saga', ['saga', '6a2c8f1d7b40', 're'], ['retry']],
    ['the name of a lab', ['lab', 'wri'], ['write-skew']],
    ['a shell', ['completion', 'f'], ['fish']],
    ['the id of an order', ['events', ''], ['id-of-order']],
    ['an id after an option with a value', ['sagas', '--limit', '5', '--order', ''], ['id-of-order']],
    ['the id of an order or of a saga', ['logs', ''], ['id-of-order', 'id-of-saga']],
    ['the id of a parked message', ['parked', 'discard', ''], ['id-of-parked-message']],
    ['an id, where a subcommand may stand too', ['order', ''], ['place', 'cancel', 'revise', 'id-of-order']],
    ['nothing after all arguments', ['saga', 'a', 'retry', ''], []],
    ['nothing of a command that is none', ['nope', ''], []],
    ['nothing for a value that anything may be', ['orders', '--limit', ''], []],
    ['a hidden one never', ['completion', 'w'], []],
  ])('a word that may be %s is completed', async (_, typed, expected) =>
    expect(await words(...typed)).toEqual(expected),
  );

  it('an empty word may be any command', async () => expect(await words('')).toEqual(COMMAND_NAMES));
});

describe('the script', () => {
  it.each(SHELLS)('the completion script of %s runs this command line, wherever it is installed', (shell) => {
    expect(scriptFor(shell, '/usr/bin/node', "/home/o'neil/a b/backstep.mjs")).toContain(
      `'/usr/bin/node' '/home/o'\\''neil/a b/backstep.mjs' completion words -- `,
    );
  });
});
