/**
 * `npm test`: all suites on a PostgreSQL and a Kafka of their own, from a bare clone.
 *
 *   npm test                        unit, int and e2e
 *   npm test -- unit int            some suites
 *   npm test -- libs/outbox         what matches a path pattern, in every suite
 *
 * The last line is `N passed, N failed`, with `, N skipped` when a spec lacked what it needs, such as Redis. The exit code is 0 only when
 * something passed and nothing failed.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrap, root } from './bootstrap.mjs';

const SUITES = ['unit', 'int', 'e2e'];
const DIR = join(root, '.backstep-test');
/**
 * What runs at once, and in how many processes. Unit and int specs fill each other's gaps: one computes, the other waits; one process is for
 * those that do nothing but wait (`longest-first.mjs`). A whole system computes while it starts, and then mostly waits: for timeouts,
 * elections, processes that come back.
 */
const TURNS = [
  { suites: ['unit', 'int'], workers: 4 },
  { suites: ['e2e'], workers: 3 },
];
const SEQUENCER = join(root, 'tools', 'longest-first.mjs');

const args = process.argv.slice(2);
const named = SUITES.filter((suite) => args.includes(suite));
const suites = named.length > 0 ? named : SUITES;
const narrowing = args.filter((arg) => !SUITES.includes(arg));

let jest;
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    interrupted = true;
    jest?.kill(signal);
  });
}

await bootstrap();
try {
  await prepare();
  process.exitCode = await runSuites();
} catch (error) {
  console.error(error.name === 'SetupError' || error.name === 'AlreadyRunningError' ? error.message : error);
  process.exitCode = 1;
}

async function prepare() {
  const { emptyFolder } = await import('./infrastructure/dist/index.js');
  await emptyFolder(DIR);
  // From Node 22 on: what one system has compiled, the next ones and the commands need not compile again.
  process.env.NODE_COMPILE_CACHE ??= join(DIR, 'compile-cache');
  // A broker of a spec lives for seconds or minutes: the second compiler of the JVM costs more than its code saves (14 CPU-s became 11).
  process.env.JDK_JAVA_OPTIONS ??= '-XX:TieredStopAtLevel=1';
}

/**
 * One PostgreSQL and one Kafka for all `int` specs, empty, on free ports, so that `npm start` may run beside. Given ones are used as
 * they are. The `e2e` ones start what `npm start` would.
 */
async function startInfrastructure() {
  if (process.env.TEST_DATABASE_URL && process.env.TEST_KAFKA_BROKERS) return undefined;
  const { startTestInfrastructure } = await import('./testing/dist/index.js');
  const started = await startTestInfrastructure(DIR);
  process.env.TEST_DATABASE_URL = started.databaseUrl;
  process.env.TEST_KAFKA_BROKERS = started.kafkaBrokers.join(',');
  return started;
}

async function runSuites() {
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  let clean = true;
  for (const turn of TURNS) {
    const wanted = turn.suites.filter((suite) => suites.includes(suite));
    if (interrupted || wanted.length === 0) continue;
    const infrastructure = wanted.includes('int') ? await startInfrastructure() : undefined;
    const result = await runTurn(wanted, turn.workers).finally(() => infrastructure?.stop());
    passed += result.passed;
    failed += result.failed;
    skipped += result.skipped;
    clean &&= result.clean;
  }
  if (passed + failed === 0) console.error('No test ran.');
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  return clean && !interrupted && failed === 0 && passed > 0 ? 0 : 1;
}

async function runTurn(wanted, workers) {
  const outcome = join(DIR, `${wanted.join('-')}.json`);
  rmSync(outcome, { force: true });
  const how = [`--maxWorkers=${workers}`, `--testSequencer=${SEQUENCER}`, '--json', `--outputFile=${outcome}`];
  const flags = ['--selectProjects', ...wanted, ...how];
  const code = await runJest([...flags, '--passWithNoTests', ...narrowing]);
  if (!existsSync(outcome)) return { passed: 0, failed: 0, skipped: 0, clean: code === 0 };
  const result = JSON.parse(readFileSync(outcome, 'utf8'));
  return {
    passed: result.numPassedTests,
    // A file that does not load has no tests to count, and still failed.
    failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
    skipped: result.numPendingTests,
    clean: code === 0,
  };
}

function runJest(flags) {
  const options = [process.env.NODE_OPTIONS, '--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const env = { ...process.env, NODE_OPTIONS: options.filter(Boolean).join(' ') };
  return new Promise((resolve, reject) => {
    // Its machine-readable copy goes to the file; what people read goes to stderr.
    jest = spawn(process.execPath, [join(root, 'node_modules/jest/bin/jest.js'), ...flags], {
      cwd: root,
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    jest.once('error', reject);
    jest.once('exit', (code) => resolve(code ?? 1));
  });
}
