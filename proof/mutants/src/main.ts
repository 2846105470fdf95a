import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { interruption, InterruptedError, startInfrastructure } from '@backstep/infrastructure';
import * as prettier from 'prettier';
import { makeCheck } from './checks/check.js';
import { isIntegration } from './checks/spec.js';
import type { Check, Mutant } from './mutant.js';
import { MUTANTS } from './mutants/index.js';
import { readOptions, USAGE, UsageError } from './options.js';
import { line, NAME_WIDTH, named, told, withTable, type Judged } from './render.js';
import { ROOT, Scratch } from './scratch.js';

const PAGE = join(ROOT, 'docs', 'mutants.md');

/** `npm run mutants`. @returns its exit code: 0 all caught, 1 not, 2 wrong options */
async function main(args: readonly string[]): Promise<number> {
  const { only, list, atOnce, json, writeDocs, help } = readOptions(
    args,
    MUTANTS.map(({ name }) => name),
  );
  if (help) console.log(USAGE);
  else if (list) for (const { name, prevents } of MUTANTS) console.log(`${name.padEnd(NAME_WIDTH)} ${prevents}`);
  if (help || list) return 0;

  const interrupted = interruption();
  const mutants = MUTANTS.filter(({ name }) => only === undefined || only.includes(name));
  const scratches = Array.from({ length: Math.min(atOnce, mutants.length) }, () => Scratch.make());
  const [first] = scratches as [Scratch, ...Scratch[]];
  const infrastructure = mutants.some(({ check }) => isIntegration(check)) ? await startFor(first) : undefined;
  try {
    const edited = new Set(mutants.flatMap(({ edits }) => edits.map(({ file }) => file)));
    for (const scratch of scratches) scratch.restore(edited);
    if (!(await baselineIsClean(scratches, mutants, interrupted))) return 1;
    const judged = await eachIn(scratches, mutants, async (scratch, mutant) => {
      const one = await judge(scratch, mutant, interrupted);
      console.log(line(one));
      return one;
    });
    const caught = judged.filter(({ verdict }) => verdict.kind === 'caught').length;
    console.log(`${caught} of ${judged.length} caught`);
    if (json !== undefined) writeFileSync(json, `${JSON.stringify(judged, null, 2)}\n`);
    if (writeDocs) await writePage(judged);
    return caught === judged.length ? 0 : 1;
  } finally {
    await infrastructure?.stop();
    for (const scratch of scratches) scratch.remove();
  }
}

/** One PostgreSQL and one Kafka for all specs, as `npm test` has. Given ones are used as they are. */
async function startFor({ dir }: Scratch): Promise<{ stop(): Promise<void> } | undefined> {
  const { TEST_DATABASE_URL, TEST_KAFKA_BROKERS } = process.env;
  if (TEST_DATABASE_URL && TEST_KAFKA_BROKERS) return undefined;
  const started = await startInfrastructure({ dir: join(dir, '.backstep-test') });
  process.env['TEST_DATABASE_URL'] = started.postgres.url;
  process.env['TEST_KAFKA_BROKERS'] = started.kafka.brokers.join(',');
  return started;
}

/** What the code as it is does not pass proves nothing of a mutant. */
async function baselineIsClean(
  scratches: readonly Scratch[],
  mutants: readonly Mutant[],
  signal: AbortSignal,
): Promise<boolean> {
  const checks = new Map(mutants.map(({ check }) => [JSON.stringify(check), check]));
  const clean = await eachIn(scratches, [...checks.values()], async (scratch, check) => {
    const { verdict, tookMs } = await timed(() => underConditions(scratch, [], check, signal));
    const mark = verdict.kind === 'survived' ? '✓' : '✗';
    const outcome =
      verdict.kind === 'survived'
        ? 'clean'
        : `${told(verdict, check)}${verdict.kind === 'caught' ? `: ${verdict.what}` : ''}`;
    console.log(
      `${mark} ${'as it is'.padEnd(NAME_WIDTH)} ${named(check)}: ${outcome} (${(tookMs / 1_000).toFixed(1)} s)`,
    );
    return verdict.kind === 'survived';
  });
  return clean.every(Boolean);
}

/** Does the work with every item, one at a time in each copy. @returns the results in the sequence of the items */
async function eachIn<T, R>(
  scratches: readonly Scratch[],
  items: readonly T[],
  work: (scratch: Scratch, item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  const left = items.entries();
  await Promise.all(
    scratches.map(async (scratch) => {
      // All copies take from one iterator.
      for (const [index, item] of left) results[index] = await work(scratch, item);
    }),
  );
  return results;
}

async function judge(scratch: Scratch, mutant: Mutant, signal: AbortSignal): Promise<Judged> {
  return { mutant, ...(await timed(() => underConditions(scratch, mutant.edits, mutant.check, signal))) };
}

async function underConditions(scratch: Scratch, edits: Mutant['edits'] | [], check: Check, signal: AbortSignal) {
  const all = [...((check.kind === 'simulation' && check.given) || []), ...edits];
  scratch.mutate(all);
  try {
    const verdict = await makeCheck(check, scratch.dir, signal);
    signal.throwIfAborted();
    return verdict;
  } finally {
    scratch.restore(new Set(all.map(({ file }) => file)));
  }
}

async function timed<T>(work: () => Promise<T>): Promise<{ verdict: T; tookMs: number }> {
  const began = performance.now();
  const verdict = await work();
  return { verdict, tookMs: performance.now() - began };
}

async function writePage(judged: readonly Judged[]): Promise<void> {
  const options = await prettier.resolveConfig(PAGE);
  const page = withTable(readFileSync(PAGE, 'utf8'), judged);
  writeFileSync(PAGE, await prettier.format(page, { ...options, filepath: PAGE }));
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError || error instanceof InterruptedError)) throw error;
  console.error(error.message);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
