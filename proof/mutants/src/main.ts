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
  const { only, list, json, writeDocs, help } = readOptions(
    args,
    MUTANTS.map(({ name }) => name),
  );
  if (help) console.log(USAGE);
  else if (list) for (const { name, prevents } of MUTANTS) console.log(`${name.padEnd(NAME_WIDTH)} ${prevents}`);
  if (help || list) return 0;

  const interrupted = interruption();
  const mutants = MUTANTS.filter(({ name }) => only === undefined || name === only);
  const scratch = Scratch.make();
  const infrastructure = mutants.some(({ check }) => isIntegration(check)) ? await startFor(scratch) : undefined;
  try {
    scratch.restore(new Set(mutants.flatMap(({ edits }) => edits.map(({ file }) => file))));
    if (!(await baselineIsClean(scratch, mutants, interrupted))) return 1;
    const judged: Judged[] = [];
    for (const mutant of mutants) {
      judged.push(await judge(scratch, mutant, interrupted));
      console.log(line(judged.at(-1) as Judged));
    }
    const caught = judged.filter(({ verdict }) => verdict.kind === 'caught').length;
    console.log(`${caught} of ${judged.length} caught`);
    if (json !== undefined) writeFileSync(json, `${JSON.stringify(judged, null, 2)}\n`);
    if (writeDocs) await writePage(judged);
    return caught === judged.length ? 0 : 1;
  } finally {
    await infrastructure?.stop();
    scratch.remove();
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
async function baselineIsClean(scratch: Scratch, mutants: readonly Mutant[], signal: AbortSignal): Promise<boolean> {
  const checks = new Map(mutants.map(({ check }) => [JSON.stringify(check), check]));
  let clean = true;
  for (const check of checks.values()) {
    const { verdict, tookMs } = await timed(() => underConditions(scratch, [], check, signal));
    clean &&= verdict.kind === 'survived';
    const mark = verdict.kind === 'survived' ? '✓' : '✗';
    const outcome =
      verdict.kind === 'survived'
        ? 'clean'
        : `${told(verdict, check)}${verdict.kind === 'caught' ? `: ${verdict.what}` : ''}`;
    console.log(
      `${mark} ${'as it is'.padEnd(NAME_WIDTH)} ${named(check)}: ${outcome} (${(tookMs / 1_000).toFixed(1)} s)`,
    );
  }
  return clean;
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
