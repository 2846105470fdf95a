export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

/** The outcome of `act`, or a timeout. Never rejects. An outcome after the timeout is ignored. */
export function outcomeWithin<T>(timeoutMs: number, act: () => T | Promise<T>): Promise<Outcome<T>> {
  return new Promise((resolve) => {
    const timer = setTimeout(
      () => resolve({ ok: false, error: new Error(`no answer within ${timeoutMs} ms`) }),
      timeoutMs,
    );
    const settle = (outcome: Outcome<T>): void => {
      clearTimeout(timer);
      resolve(outcome);
    };
    Promise.resolve()
      .then(act)
      .then(
        (value) => settle({ ok: true, value }),
        (error: unknown) => settle({ ok: false, error }),
      );
  });
}
