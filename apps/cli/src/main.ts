import { Command } from 'commander';
import { doctor } from './doctor/doctor.command.js';
import { down } from './down/down.command.js';
import { env } from './env/env.command.js';
import { events } from './events/events.command.js';
import { order } from './order/order.command.js';
import { orders } from './orders/orders.command.js';
import { parked } from './parked/parked.command.js';
import { products } from './products/products.command.js';
import { reset } from './reset/reset.command.js';
import { saga } from './saga/saga.command.js';
import { sagas } from './sagas/sagas.command.js';
import { endingOf } from './shared/exit-codes.js';
import { endWhenNobodyReads } from './shared/output.js';
import { up } from './up/up.command.js';

endWhenNobodyReads();

const program = new Command('backstep')
  .description('Orders across services that share no database, never left half done.')
  .showHelpAfterError('Add --help for how to use it.')
  // An option after `order place` is the subcommand's, also where `order` has one of the same name.
  .enablePositionalOptions()
  // Commander would exit with 1, which here means that something is wrong with an order or the system.
  .exitOverride();

for (const register of [up, down, reset, env]) register(program);
for (const register of [order, orders, products, saga, sagas, events, parked, doctor]) register(program);

try {
  await program.parseAsync();
} catch (error) {
  const { exitCode, tell } = endingOf(error);
  if (tell !== undefined) console.error(tell);
  process.exitCode = exitCode;
}
