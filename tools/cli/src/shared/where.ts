import { join } from 'node:path';
import { TOPICS } from '@backstep/contracts/topology';
import {
  CONTAINERS_INSTANCE,
  containerEnvironment,
  defaultDir,
  knownInstance,
  readRun,
  ROOT,
  SetupError,
  starterRuns,
  toldEnvironment,
  type RunningEnvironment,
  type Settings,
} from '@backstep/infrastructure';
import { Option, type Command } from 'commander';
import { settingsIn } from './env-file.js';
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
    .addOption(new Option('--gateway <url>', 'where the API is; default: what runs here').env('BACKSTEP_GATEWAY'));

/** Where commands look for the system. Specs look elsewhere. */
export interface Surroundings {
  readonly settings: Settings;
  /** Where `npm start` leaves its run file. */
  readonly runDir: string;
  /** What Docker Compose reads its settings from. */
  readonly envFile: string;
}

const here = (): Surroundings => ({ settings: process.env, runDir: defaultDir(), envFile: join(ROOT, '.env') });

/** A container that has started answers in a millisecond; one that is starting is not there yet. */
const GATEWAY_ANSWERS_WITHIN_MS = 2_000;

const TOPIC_NAMES = TOPICS.map(({ name }) => name);

/** The gateway that was asked for, or that of the running system. Needs nothing else. @throws UnreachableError, UsageError */
export async function gatewayOf({ gateway }: CommonOptions, surroundings = here()): Promise<string> {
  return gateway ? urlIn(gateway) : (await runsHere(surroundings)).gateway;
}

function urlIn(gateway: string): string {
  if (!/^https?:\/\//.test(gateway) || !URL.canParse(gateway)) {
    throw new UsageError(`--gateway must be a URL such as http://127.0.0.1:3000, not ${gateway}`);
  }
  return gateway.replace(/\/+$/, '');
}

/** A gateway was named, and it is not that of the system that runs here: nothing else of its system can be looked at. */
export class OnlyGatewayError extends UsageError {
  constructor() {
    super(
      'Only a gateway was named, and it is not that of what runs here: its Kafka, databases and logs are not known',
    );
  }
}

/**
 * Everything of the system whose gateway was named, or of the running one. A gateway that was named may be anybody's: databases, Kafka and
 * logs of this machine are its only when it is ours.
 * @throws OnlyGatewayError when it is not; UnreachableError, UsageError
 */
export async function whatRunsBehind({ gateway }: CommonOptions, surroundings = here()): Promise<RunningEnvironment> {
  if (!gateway) return whatRuns(surroundings);
  const url = urlIn(gateway);
  const running = await whatRuns(surroundings).catch((error: unknown) => {
    if (error instanceof UnreachableError) return undefined;
    throw error;
  });
  if (running?.gateway !== url) throw new OnlyGatewayError();
  return running;
}

/**
 * Everything of the running system, databases and brokers included: the one that the settings describe, as in a container; else
 * that of `npm start`; else the containers on this machine.
 * @throws UnreachableError with what to do; UsageError when the settings describe half of it
 */
export async function whatRuns(surroundings = here()): Promise<RunningEnvironment> {
  const told = mendable(() => toldEnvironment(surroundings.settings, TOPIC_NAMES));
  return told ?? (await runsHere(surroundings));
}

async function runsHere({ settings, runDir, envFile }: Surroundings): Promise<RunningEnvironment> {
  const run = readRun(runDir);
  if (run && starterRuns(run)) {
    if (run.environment) return run.environment;
    throw new UnreachableError('Backstep is still starting: try again in a moment.');
  }
  // As Docker Compose does: the shell's variables come before those of the file.
  const containers = mendable(() => containerEnvironment({ ...settingsIn(envFile), ...settings }, TOPIC_NAMES));
  const answer = await whoAnswers(containers.gateway);
  if (answer?.instance === CONTAINERS_INSTANCE) return containers;
  // A starter that was killed leaves its services behind: they are still what was started from here.
  const left = run?.environment;
  const own = knownInstance(runDir);
  if (left && own !== undefined && (await whoAnswers(left.gateway))?.instance === own) return left;
  if (!answer) throw new UnreachableError('Backstep is not running: start it with `npm start` or `docker compose up`.');
  const { gateway } = containers;
  throw new UnreachableError(
    `Nothing is running from this clone: start it with \`npm start\`. Something answers on ${gateway}; it was not started from ` +
      `this clone. Name it with \`--gateway ${gateway}\` if that is what you mean.`,
  );
}

/** Who is there, well or not: which system a gateway belongs to. Undefined when nobody answers. */
async function whoAnswers(gateway: string): Promise<{ readonly instance?: unknown } | undefined> {
  try {
    const signal = AbortSignal.timeout(GATEWAY_ANSWERS_WITHIN_MS);
    const response = await fetch(`${gateway}/health/live`, { signal });
    const text = await response.text();
    return { instance: instanceIn(text) };
  } catch {
    return undefined;
  }
}

function instanceIn(text: string): unknown {
  try {
    return (JSON.parse(text) as { instance?: unknown } | null)?.instance;
  } catch {
    return undefined;
  }
}

/** A wrong setting is the caller's to mend, and no verdict about the system: its exit code must not look like one. */
function mendable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof SetupError) throw new UsageError(error.message);
    throw error;
  }
}
