/** Where the checks find the gateway that they ask. */
export const gateway = (process.env.BACKSTEP_GATEWAY ?? 'http://127.0.0.1:3000').replace(/\/$/, '');

const ANSWER_WITHIN_MS = 5_000;

/** @throws Error in one line when nothing answers there */
export async function gatewayAnswers() {
  const live = await fetch(`${gateway}/health/live`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) }).catch(
    () => undefined,
  );
  if (!live?.ok)
    throw new Error(`Nothing answers at ${gateway}: start it with \`npm start\`, or set BACKSTEP_GATEWAY.`);
}

/** Runs a check: what goes wrong is told in a line, and the exit code is 1. */
export async function check(work) {
  try {
    process.exitCode = (await work()) ? 0 : 1;
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
