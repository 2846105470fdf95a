import { keyed } from '@backstep/idempotency';
import { ProblemError } from '@backstep/problems';
import type { World } from '@backstep/simulation';
import { StaleBasisError } from '@backstep/unit-of-work';
import type { Parts } from './parts.js';

/** A customer that got no answer sends the request again, with the same key, after this time. */
const PATIENCE_MS = 2_000;

/** Customers who cancel: each reads the order and sends the version that it has read, until it gets an answer that is no 412. */
export class Cancellations {
  /** Customers who want to cancel, and have no answer yet. */
  unanswered = 0;

  constructor(
    private readonly world: World,
    private readonly parts: Parts,
  ) {}

  /** @param afterMs when the customer decides to cancel, milliseconds from now */
  ask(number: number, orderId: string, afterMs: number): void {
    this.unanswered++;
    this.world.kernel.after(afterMs, () => this.request(number, orderId));
  }

  private request(number: number, orderId: string): void {
    const { world, parts } = this;
    const { kernel, random, network } = world;
    let ended = false;
    const end = (then: () => void): void => {
      if (ended) return;
      ended = true;
      then();
    };
    const again = (): void => end(() => this.request(number, orderId));
    const living = world.living('order');
    const server = living[random.below(living.length)];
    const seen = world.store('order').find(parts.order.Order, orderId);
    kernel.after(PATIENCE_MS, again);
    if (!server || !seen) return;
    const cancellation = {
      orderId,
      basis: seen.version,
      edit: {},
      cancellationId: random.uuid(),
      traceparent: undefined,
    };
    const answered = (what: string): void =>
      void kernel.after(network.latency('database'), () =>
        end(() => {
          this.unanswered--;
          world.story.tell(() => `the customer who cancels order ${number} reads ${what}`);
        }),
      );
    const ask = (): void => {
      server.unitOfWork.request(parts.order.cancel, keyed(`cancel-${number}`, { orderId }, cancellation)).then(
        () => answered('202'),
        (error: unknown) => {
          if (error instanceof ProblemError) answered(error.problem.type);
          else if (error instanceof StaleBasisError) void kernel.after(network.latency('database'), again);
        },
      );
    };
    kernel.after(network.latency('database'), ask, server.process);
  }
}
