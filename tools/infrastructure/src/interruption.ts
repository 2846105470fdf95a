/** Somebody has asked the program to end. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

/** Aborts, with an {@link InterruptedError} that names it, when the process is sent a signal to end. For `startSystem`, and all that waits. */
export function interruption(): AbortSignal {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => interrupted.abort(new InterruptedError(signal)));
  }
  return interrupted.signal;
}
