declare const data: unique symbol;

/**
 * What may follow a commit, as a value: a handler names it (`afterCommit(OrderEnded, confirmed)`), a module listens
 * (`unitOfWork.on(OrderEnded, …)`), and whoever reads one of the two finds the other by the name.
 *
 * At most once: a process that dies after the commit takes its effects with it. What must happen is a message or a row.
 */
export interface Effect<T> {
  /** For logs. */
  readonly name: string;
  readonly [data]?: (of: T) => void;
}

/** `const OrderEnded = effect<Order>('order-ended');` */
export const effect = <T>(name: string): Effect<T> => ({ name });

/** Gets what one commit has brought of its effect, in the order of the decisions; never nothing. */
export type EffectListener<T> = (all: readonly T[]) => void;

/** What one batch has decided is to follow its commit. */
export type DecidedEffects = ReadonlyMap<Effect<never>, readonly unknown[]>;

/** Who listens to which effect. */
export class EffectListeners {
  private readonly byEffect = new Map<Effect<never>, EffectListener<never>[]>();

  add<T>(effect: Effect<T>, listener: EffectListener<T>): void {
    const listeners = this.byEffect.get(effect);
    if (listeners) listeners.push(listener);
    else this.byEffect.set(effect, [listener]);
  }

  /** @param failed is told what a listener threw; the other listeners are called all the same */
  call(decided: DecidedEffects, failed: (effect: string, error: unknown) => void): void {
    for (const [effect, all] of decided) {
      for (const listener of this.byEffect.get(effect) ?? []) {
        try {
          listener(all as readonly never[]);
        } catch (error) {
          failed(effect.name, error);
        }
      }
    }
  }
}
