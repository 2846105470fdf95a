import type { LineOperation } from '@backstep/contracts/http';
import { keyed } from '@backstep/idempotency';
import { ProblemError } from '@backstep/problems';
import type { Random, World } from '@backstep/simulation';
import { StaleBasisError } from '@backstep/unit-of-work';
import type { OrderRow, Parts } from './parts.js';

/** What one customer wants of an order that is confirmed. */
export interface RevisionSubject {
  /** Milliseconds after the order was accepted. */
  readonly after: number;
  readonly lines: LineOperation[];
  /** Where it shall go instead; AQ: the carrier refuses. */
  readonly country: string | undefined;
}

/** A customer that got no answer sends the request again, with the same key, after this time. */
const PATIENCE_MS = 2_000;
/** A customer whose order is being placed, or changed by another, looks again after this time. */
const LOOK_AGAIN_MS = 400;
const REVISED = 0.4;
/** Two people edit one order. */
const BY_TWO = 0.5;
const WITHIN_MS = 1_500;
const IN_PROGRESS = 'urn:backstep:problem:change-in-progress';

export function drawRevisions(random: Random): RevisionSubject[] {
  if (!random.chance(REVISED)) return [];
  return Array.from({ length: random.chance(BY_TWO) ? 2 : 1 }, () => {
    const sku = random.pick(['teapot', 'mug', 'flyer', 'flyer']);
    const op = random.pick(['setQuantity', 'addLine', 'addLine', 'removeLine'] as const);
    const line = op === 'removeLine' ? { op, sku } : { op, sku, quantity: random.between(1, 2) };
    return { after: random.below(WITHIN_MS), lines: [line], country: random.chance(0.2) ? 'AQ' : undefined };
  });
}

export const tellRevisions = (revisions: readonly RevisionSubject[]): string =>
  revisions
    .map(({ after, lines, country }) => {
      const what = lines
        .map((line) => `${line.op} ${'quantity' in line ? `${line.quantity} ` : ''}${line.sku}`)
        .join(', ');
      return `, revised ${after} ms after its acceptance: ${what}${country === undefined ? '' : ` to ${country}`}`;
    })
    .join('');

/**
 * Customers who revise: each looks at the order until it is confirmed, and keeps to the version that was seen first then, whatever others
 * change meanwhile. Whoever finds another at it comes again.
 */
export class Revisions {
  /** Customers who want to revise, and have no answer yet. */
  unanswered = 0;
  private asked = 0;
  /** The version of each order as it was first seen confirmed. */
  private readonly seen = new Map<string, number>();

  constructor(
    private readonly world: World,
    private readonly parts: Parts,
  ) {}

  ask(number: number, orderId: string, subject: RevisionSubject): void {
    this.unanswered++;
    const key = `revise-${number}-${++this.asked}`;
    this.world.kernel.after(subject.after, () => this.look(key, orderId, subject));
  }

  private look(key: string, orderId: string, subject: RevisionSubject): void {
    const { world, parts } = this;
    const order = world.store('order').find(parts.order.Order, orderId) as OrderRow | undefined;
    if (order?.status === 'REJECTED' || order?.status === 'CANCELLED') return void this.unanswered--;
    if (order?.status === 'CONFIRMED') {
      const basis = this.seen.get(orderId) ?? order.version;
      this.seen.set(orderId, basis);
      return this.request(key, orderId, subject, basis);
    }
    world.kernel.after(LOOK_AGAIN_MS, () => this.look(key, orderId, subject));
  }

  private request(key: string, orderId: string, subject: RevisionSubject, basis: number): void {
    const { world, parts } = this;
    const { kernel, random, network, story, coverage } = world;
    let ended = false;
    const end = (then: () => void): void => {
      if (ended) return;
      ended = true;
      then();
    };
    const again = (): void => end(() => this.request(key, orderId, subject, basis));
    kernel.after(PATIENCE_MS, again);
    const living = world.living('order');
    const server = living[random.below(living.length)];
    if (!server) return;
    const edit = {
      lines: subject.lines,
      ...(subject.country !== undefined && { shippingAddress: { country: subject.country } }),
    };
    const revision = { id: orderId, basis, edit, revisionId: random.uuid(), traceparent: undefined };
    const answered = (what: string): void =>
      void kernel.after(network.latency('database'), () =>
        end(() => {
          this.unanswered--;
          coverage.add(`revisions answered: ${what}`);
          story.tell(() => `the customer who revises ${story.nameOf(orderId)} reads ${what}`);
        }),
      );
    const ask = (): void => {
      server.unitOfWork.request(parts.order.revise, keyed(key, { orderId, basis, edit }, revision)).then(
        ({ answer }) => answered(answer.outcome),
        (error: unknown) => {
          if (error instanceof StaleBasisError) answered('clash');
          else if (error instanceof ProblemError) {
            if (error.problem.type === IN_PROGRESS)
              end(() => void kernel.after(LOOK_AGAIN_MS, () => this.request(key, orderId, subject, basis)));
            else answered(error.problem.type);
          }
        },
      );
    };
    kernel.after(network.latency('database'), ask, server.process);
  }
}
