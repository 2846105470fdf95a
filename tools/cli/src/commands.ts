import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { commanderOutput } from './shared/output.js';

type Register = (program: Command) => void;

/**
 * The commands by name, in the order of `--help`. The module of a command is loaded only when the command runs: `backstep orders` does not
 * load what reads Kafka or runs a simulation.
 */
const COMMANDS: Readonly<Record<string, () => Promise<Register>>> = {
  up: async () => (await import('./up/up.command.js')).up,
  down: async () => (await import('./down/down.command.js')).down,
  reset: async () => (await import('./reset/reset.command.js')).reset,
  env: async () => (await import('./env/env.command.js')).env,
  open: async () => (await import('./open/open.command.js')).open,
  demo: async () => (await import('./demo/demo.command.js')).demo,
  topics: async () => (await import('./topics/topics.command.js')).topics,
  order: async () => (await import('./order/order.command.js')).order,
  orders: async () => (await import('./orders/orders.command.js')).orders,
  shipment: async () => (await import('./shipment/shipment.command.js')).shipment,
  products: async () => (await import('./products/products.command.js')).products,
  account: async () => (await import('./account/account.command.js')).account,
  transfer: async () => (await import('./transfer/transfer.command.js')).transfer,
  saga: async () => (await import('./saga/saga.command.js')).saga,
  sagas: async () => (await import('./sagas/sagas.command.js')).sagas,
  operations: async () => (await import('./operations/operations.command.js')).operations,
  events: async () => (await import('./events/events.command.js')).events,
  logs: async () => (await import('./logs/logs.command.js')).logs,
  parked: async () => (await import('./parked/parked.command.js')).parked,
  groups: async () => (await import('./groups/groups.command.js')).groups,
  contention: async () => (await import('./contention/contention.command.js')).contention,
  metrics: async () => (await import('./metrics/metrics.command.js')).metrics,
  doctor: async () => (await import('./doctor/doctor.command.js')).doctor,
  lab: async () => (await import('./lab/lab.command.js')).lab,
  simulate: async () => (await import('./simulate/simulate.command.js')).simulate,
  completion: async () => (await import('./completion/completion.command.js')).completion,
};

export const COMMAND_NAMES: readonly string[] = Object.keys(COMMANDS);

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
};

export interface ProgramOptions {
  /** What goes wrong is told as JSON, by whoever runs the program. */
  readonly json?: boolean;
  readonly wide?: boolean;
}

/** The program with these of its commands. */
export async function programOf(
  names: readonly string[],
  { json = false, wide = false }: ProgramOptions = {},
): Promise<Command> {
  const output = commanderOutput(wide);
  const program = new Command('backstep')
    .description('Orders across services that share no database, never left half done.')
    .version(version)
    .showHelpAfterError('Add --help for how to use it.')
    .configureOutput(json ? { ...output, writeErr: () => undefined } : output)
    // An option after `order place` belongs to the subcommand, also where `order` has one of the same name.
    .enablePositionalOptions()
    // Commander would exit with 1, which means here that an order or the system has a problem.
    .exitOverride();
  for (const name of names) (await COMMANDS[name]?.())?.(program);
  takesWide(program);
  return program;
}

/** What it does, it does before the program is there: main.ts reads it. */
function takesWide(command: Command): void {
  command.option('--wide', 'lines as long as they are, also at a terminal');
  command.commands.forEach(takesWide);
}
