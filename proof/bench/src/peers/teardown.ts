interface Stoppable {
  stop(): Promise<void>;
}

/** Ends what was started, in reverse. */
export class Teardown {
  private readonly started: Stoppable[] = [];

  add<T extends Stoppable>(one: T): T {
    this.started.push(one);
    return one;
  }

  /** Tries all of them. Safe to call again. @throws the first error, when all were tried */
  async stop(): Promise<void> {
    const errors: unknown[] = [];
    for (let one = this.started.pop(); one; one = this.started.pop()) {
      await one.stop().catch((error: unknown) => errors.push(error));
    }
    if (errors.length > 0) throw errors[0];
  }
}

/** Runs `start`; when it fails, what it has started is ended before the error goes on. */
export async function startedOrEnded<T>(start: (teardown: Teardown) => Promise<T>): Promise<T> {
  const teardown = new Teardown();
  try {
    return await start(teardown);
  } catch (error) {
    await teardown.stop().catch(() => undefined);
    throw error;
  }
}
