import { SetupError, type RunningEnvironment } from '@backstep/infrastructure';
import { Option, type Command } from 'commander';
import { runningEnvironment } from '../env/env.command.js';
import { UnreachableError, UsageError } from './exit-codes.js';

/** What every command about a running system takes. */
export interface CommonOptions {
  readonly json?: true;
  readonly gateway?: string;
}

/** `--json` and `--gateway`, the same everywhere. */
export const withCommonOptions = (command: Command): Command =>
  command
    .option('--json', 'print JSON, for programs')
    .addOption(
      new Option('--gateway <url>', 'where the API is; default: what runs from this clone').env('BACKSTEP_GATEWAY'),
    );

/** The gateway that was asked for, or that of the running system. @throws UnreachableError, UsageError */
export function gatewayOf({ gateway }: CommonOptions): string {
  if (gateway === undefined) return whatRuns().gateway;
  if (!/^https?:\/\//.test(gateway) || !URL.canParse(gateway)) {
    throw new UsageError(`--gateway must be a URL such as http://127.0.0.1:3000, not ${gateway}`);
  }
  return gateway.replace(/\/+$/, '');
}

/** Everything of the running system, databases and brokers included. @throws UnreachableError with what to do */
export function whatRuns(): RunningEnvironment {
  try {
    return runningEnvironment();
  } catch (error) {
    if (error instanceof SetupError) throw new UnreachableError(error.message, { cause: error });
    throw error;
  }
}
