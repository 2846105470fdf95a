import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Check, SpecCheck, Verdict } from '../mutant.js';
import { jsonIn, run, whyBroken } from './child.js';

/** Specs that are not through by then hang, milliseconds. */
const SPEC_TIMEOUT_MS = 5 * 60_000;

/** What Jest writes, as far as it is read here. */
interface Outcome {
  readonly numPassedTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly title: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

export const isIntegration = (check: Check): boolean => check.kind === 'spec' && check.file.endsWith('.int.spec.ts');

/** Runs the file's specs on the sources in `dir`. `int` specs need TEST_DATABASE_URL and TEST_KAFKA_BROKERS, as with Jest. */
export async function bySpec(check: SpecCheck, dir: string, signal?: AbortSignal): Promise<Verdict> {
  const { file } = check;
  const suite = isIntegration(check) ? 'int' : 'unit';
  const written = join(dir, 'outcome.json');
  rmSync(written, { force: true });
  const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
  const flags = ['--selectProjects', suite, '--runInBand', '--json', `--outputFile=${written}`];
  const ended = await run([...jest, ...flags, '--runTestsByPath', file], dir, SPEC_TIMEOUT_MS, signal);
  const outcome = jsonIn<Outcome>(written);
  // A file that does not load has failed, and says nothing of the protection.
  if (!outcome || outcome.numRuntimeErrorTestSuites > 0)
    return { kind: 'broken', why: outcome?.testResults[0]?.message ?? whyBroken(ended) };
  const failed = outcome.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .find(({ status }) => status === 'failed');
  if (failed) return { kind: 'caught', by: failed.title, after: 1, what: failed.failureMessages[0] ?? '' };
  if (outcome.numPassedTests === 0) return { kind: 'broken', why: `${file} has no specs` };
  return { kind: 'survived', runs: 1 };
}
