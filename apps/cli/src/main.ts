import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { endingAsJson, endingOf } from './shared/exit-codes.js';
import { columnsOf, fitTo } from './shared/screen.js';
import { commanderOutput, endWhenNobodyReads, printError, printErrorJson } from './shared/output.js';

endWhenNobodyReads();

type Register = (program: Command) => void;

/**
 * By name, in the order of `--help`. A command's module is loaded when the command is asked for: what reaches Kafka takes half a
 * second to load, for which `backstep orders` need not wait.
 */
const COMMANDS: Readonly<Record<string, () => Promise<Register>>> = {
  up: async () => (await import('./up/up.command.js')).up,
  down: async () => (await import('./down/down.command.js')).down,
  reset: async () => (await import('./reset/reset.command.js')).reset,
  env: async () => (await import('./env/env.command.js')).env,
  demo: async () => (await import('./demo/demo.command.js')).demo,
  topics: async () => (await import('./topics/topics.command.js')).topics,
  order: async () => (await import('./order/order.command.js')).order,
  orders: async () => (await import('./orders/orders.command.js')).orders,
  products: async () => (await import('./products/products.command.js')).products,
  saga: async () => (await import('./saga/saga.command.js')).saga,
  sagas: async () => (await import('./sagas/sagas.command.js')).sagas,
  events: async () => (await import('./events/events.command.js')).events,
  parked: async () => (await import('./parked/parked.command.js')).parked,
  doctor: async () => (await import('./doctor/doctor.command.js')).doctor,
  simulate: async () => (await import('./simulate/simulate.command.js')).simulate,
};

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** Programs are told everything as JSON, also what went wrong. What follows `--` is no option. */
const words = process.argv.slice(2);
const given = words.slice(0, words.includes('--') ? words.indexOf('--') : undefined);
const asJson = given.includes('--json');
fitTo(given.includes('--wide') ? undefined : columnsOf(process.stdout, process.env));

const program = new Command('backstep')
  .description('Orders across services that share no database, never left half done.')
  .version(version)
  .showHelpAfterError('Add --help for how to use it.')
  // With --json what went wrong is told once, as JSON, below.
  .configureOutput(asJson ? { ...commanderOutput, writeErr: () => undefined } : commanderOutput)
  // An option after `order place` is the subcommand's, also where `order` has one of the same name.
  .enablePositionalOptions()
  // Commander would exit with 1, which here means that something is wrong with an order or the system.
  .exitOverride();

const [asked = ''] = process.argv.slice(2);
const isVersion = asked === '--version' || asked === '-V';
// With `--help`, or a word that is none of them, Commander knows all of them, to list or to suggest one.
const wanted = Object.hasOwn(COMMANDS, asked) ? [asked] : isVersion ? [] : Object.keys(COMMANDS);
for (const name of wanted) (await COMMANDS[name]?.())?.(program);

try {
  await program.parseAsync();
} catch (error) {
  const { exitCode, tell } = asJson ? endingAsJson(error) : endingOf(error);
  if (tell !== undefined) (asJson ? printErrorJson : printError)(tell);
  process.exitCode = exitCode;
}
