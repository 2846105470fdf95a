import { Random } from '@backstep/simulation';
import type { Poisoned } from './faults/poison.js';
import type { HostileBatch } from './hostile/throw-in.js';
import { openAccounts } from './load/accounts.js';
import { Load, openShop } from './load/load.js';
import { accountOf } from './load/mix.js';
import type { CustomersRecord } from './load/record.js';
import { Transfers } from './load/transfers.js';
import { Rival } from './load/rival.js';
import { play } from './play.js';
import { manner } from './render.js';
import type { Plan } from './schedule.js';
import { Story } from './story.js';
import { EXPRESS_LINKS } from './system/links.js';
import { start, type Started } from './system/start.js';
import { compareAccounts, type AccountOrder } from './verdict/accounts.js';
import { comeToRest } from './verdict/at-rest.js';
import { compare } from './verdict/compare.js';
import { tooQuiet, type Coverage } from './verdict/coverage.js';
import { askDoctor } from './verdict/doctor.js';
import { gatherFacts, type Facts } from './verdict/facts.js';
import { Counters } from './verdict/metrics.js';
import { compareParked } from './verdict/parked.js';
import type { World } from './world.js';

const MS_PER_MINUTE = 60_000;

export interface StormOptions {
  /** Orders a second. */
  readonly rate: number;
  /** Leave folder and logs also of a clean run. */
  readonly keep: boolean;
  readonly print: (line: string) => void;
  /** Breaks the run off: everything is ended, and `storm` throws its reason. */
  readonly signal?: AbortSignal;
}

export interface Outcome {
  readonly seed: number;
  readonly instances: number;
  readonly hosts?: number | undefined;
  readonly sockets: boolean;
  readonly minutes: number;
  /** How often each was applied. */
  readonly faults: Readonly<Record<string, number>>;
  readonly skipped: readonly string[];
  readonly coverage: Coverage;
  /** From everything healed to everything ended; undefined when it never was. */
  readonly restMs: number | undefined;
  /** Empty: a clean run. */
  readonly violations: readonly string[];
  readonly story: readonly string[];
  /** Logs and databases, when they were left. */
  readonly dir: string | undefined;
}

/** One run: a system of its own, orders, the faults of its plan, healing, rest, the verdict. */
export async function storm(plan: Plan, { rate, keep, print, signal }: StormOptions): Promise<Outcome> {
  const story = new Story(print);
  story.tell(
    `seed ${plan.seed}: ${plan.schedule.length} faults in ${plan.durationMs / 1_000} s, ${plan.instances} of each service${manner(plan)}`,
  );
  const started = await start(plan, story, signal);
  story.tell(`the system is up in ${started.dir}`);
  const cleanups: (() => Promise<void>)[] = [];
  let outcome: Outcome | undefined;
  try {
    const running = run(started, plan, rate, story, (cleanup) => cleanups.push(cleanup));
    outcome = await (signal ? Promise.race([running, brokenOff(signal)]) : running);
    return outcome;
  } finally {
    const leave = keep || outcome === undefined || outcome.violations.length > 0;
    // As healed as it can be, also when the run broke off: what is frozen cannot stop.
    await started.stop();
    if (leave) story.tell(`logs and databases are left in ${started.dir}`);
    else for (const cleanup of cleanups) await cleanup();
    if (!leave) await started.remove();
  }
}

const brokenOff = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const breakOff = (): void => reject(signal.reason as Error);
    if (signal.aborted) breakOff();
    else signal.addEventListener('abort', breakOff, { once: true });
  });

async function run(
  started: Started,
  plan: Plan,
  rate: number,
  story: Story,
  atTheEnd: World['atTheEnd'],
): Promise<Outcome> {
  const { system, keeper, dir } = started;
  const { services, databases } = system.environment();
  const counters = new Counters(keeper, services);
  const poisoned: Poisoned[] = [];
  const hostile: HostileBatch[] = [];
  const world: World = {
    ...started,
    instances: plan.instances,
    story,
    poisoned,
    hostile,
    sample: () => counters.sample(),
    atTheEnd,
  };
  await openShop(system.gatewayUrl, databases['order'] ?? '');
  keeper.start();
  counters.start();
  const opened = await openAccounts(system.gatewayUrl);
  const accountIds = opened.map(({ id }) => id);
  const load = new Load(system.gatewayUrl, new Random(plan.loadSeed), rate, accountIds);
  const rival = new Rival(databases['inventory'] ?? '');
  const transfers = new Transfers(system.gatewayUrl, new Random(plan.loadSeed + 1), opened);
  transfers.start();
  load.start();
  rival.start();
  const applied = await play(plan, world);
  await Promise.all([load.shutDoor(), rival.stop(), transfers.stop()]);
  started.links.heal();
  const down = await keeper.allUp();
  story.tell(down.length === 0 ? 'everything is healed and runs' : `these do not start: ${down.join(', ')}`);
  const waiting = await load.everybodyOut();
  const { made, wrong } = await transfers.ended(databases['payment'] ?? '');
  const rest = await comeToRest(started);
  const restMs = 'tookMs' in rest ? rest.tookMs : undefined;
  story.tell(restMs === undefined ? 'it does not come to rest' : `at rest after ${(restMs / 1_000).toFixed(1)} s`);
  await counters.sample();
  counters.stop();
  const facts = await gatherFacts(started);
  const { record } = load;
  const orders = paidFromAccounts(record, facts);
  const coverage: Coverage = {
    orders: record.accepted,
    confirmed: [...facts.kept.ends.values()].filter((end) => end === 'CONFIRMED').length,
    cancelled: [...facts.kept.ends.values()].filter((end) => end === 'CANCELLED').length,
    revised: facts.revised,
    paidFromAccounts: orders.filter(({ end }) => end === 'CONFIRMED').length,
    notCovered: orders.filter(({ end }) => end === 'payment_declined').length,
    compensations: facts.compensations,
    duplicatesDropped: counters.total('duplicatesDropped'),
    fencedWrites: counters.total('fencedWrites'),
    webhooks: counters.total('webhooks'),
    handedOver: counters.total('handedOver'),
    expressDisturbed: started.links.disturbed(EXPRESS_LINKS),
    redelivered: facts.inKafka.repeated,
    askedAgain: facts.inKafka.askedAgain,
    clientRetries: record.count(({ status }) => status === undefined || status >= 500 || status === 409),
    replays: record.count(({ replayed }) => replayed),
    restarts: keeper.restarts,
    parked: facts.parked.length,
  };
  const minutes = plan.durationMs / MS_PER_MINUTE;
  const violations = [
    ...applied.failed,
    ...down.map((name) => `${name} does not start any more`),
    ...(waiting > 0 ? [`${waiting} customers still have no answer`] : []),
    ...('restless' in rest ? rest.restless.map((what) => `not at rest: ${what}`) : []),
    ...((facts.sagas['STUCK'] ?? 0) > 0 ? [`${facts.sagas['STUCK']} sagas are STUCK`] : []),
    ...wrong,
    ...compareAccounts({ opened, transfers: made, orders, kept: facts.accounts, ledgerSum: facts.ledgerSum }),
    ...record.strange,
    ...compare(record.keys, facts.kept, record.cancelled),
    ...compareParked({ poisoned, hostile }, facts.parked, facts.inKafka.marks),
    ...(await askDoctor(dir)),
    ...tooQuiet(coverage, minutes, applied.leaves, { allFaults: plan.ofAllFaults, express: handsOver(plan) }),
  ];
  return {
    seed: plan.seed,
    instances: plan.instances,
    hosts: plan.hosts,
    sockets: plan.sockets,
    minutes,
    faults: applied.counts,
    skipped: applied.skipped,
    coverage,
    restMs,
    violations,
    story: story.lines,
    dir,
  };
}

/** Those with sockets do; hosts do, unless the environment says otherwise. */
const handsOver = ({ hosts, sockets }: Plan): boolean =>
  sockets || (hosts !== undefined && process.env['EXPRESS'] !== 'false');

/** The accepted orders that were to be paid from an account, by their customers' record. */
function paidFromAccounts({ keys }: CustomersRecord, { kept, totals }: Facts): AccountOrder[] {
  return [...keys.values()].flatMap((attempts) => {
    const accepted = attempts.find(({ status }) => status === 202);
    const accountId = accepted && accountOf(accepted.request);
    const id = accepted?.orderId ?? '';
    if (accountId === undefined) return [];
    return [{ id, accountId, end: kept.ends.get(id) ?? 'lost', total: totals.get(id) ?? NaN }];
  });
}
