import { COMMAND_NAMES, programOf } from './commands.js';
import { endingAsJson, endingOf } from './shared/exit-codes.js';
import { endWhenNobodyReads, printError, printErrorJson } from './shared/output.js';
import { columnsOf, fitTo } from './shared/screen.js';

/** How long open handles of a failed command may keep the process alive. */
const LEFT_OPEN_MS = 500;

endWhenNobodyReads();

/** With `--json` errors are JSON too. Words after `--` are no options. */
const words = process.argv.slice(2);
const given = words.slice(0, words.includes('--') ? words.indexOf('--') : undefined);
const json = given.includes('--json');
const wide = given.includes('--wide');
fitTo(wide ? undefined : columnsOf(process.stdout, process.env));

const [asked = ''] = given;
const isVersion = asked === '--version' || asked === '-V';
// With `--help`, or a word that is none of them, Commander knows all of them, to list or to suggest one.
const names = COMMAND_NAMES.includes(asked) ? [asked] : isVersion ? [] : COMMAND_NAMES;
const program = await programOf(names, { json, wide });

try {
  await program.parseAsync();
} catch (error) {
  const { exitCode, tell } = json ? endingAsJson(error) : endingOf(error);
  if (tell !== undefined) (json ? printErrorJson : printError)(tell);
  process.exitCode = exitCode;
  // kafkajs asks for several topics at once; where one fails, the others may open a connection after all are closed, and nobody closes that.
  setTimeout(() => process.exit(), LEFT_OPEN_MS).unref();
}
