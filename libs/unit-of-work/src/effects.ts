declare const data: unique symbol;

/**
 * What may follow a commit, as a value. A handler returns it (`afterCommit(AccountClosed, closed)`), a module listens
 * (`unitOfWork.on(AccountClosed, …)`). Whoever reads one of the two finds the other by the name.
 *
 * An effect happens at most once: it is lost when the process dies after the commit. What must happen is a message or a row.
 */
export interface Effect<T> {
  /** For logs. */
  readonly name: string;
  readonly [data]?: (of: T) => void;
}

/** `const AccountClosed = effect<Account>('account-closed');` */
export const effect = <T>(name: string): Effect<T> => ({ name });

/** Gets the data of all effects of one commit, in the order of the decisions; at least one. */
export type EffectListener<T> = (all: readonly T[]) => void;

/** The effects that one batch has decided, with their data in the order of the decisions. */
export type DecidedEffects = ReadonlyMap<Effect<never>, readonly unknown[]>;

/** The listeners of each effect. */
export class EffectListeners {
  private readonly byEffect = new Map<Effect<never>, EffectListener<never>[]>();

  add<T>(effect: Effect<T>, listener: EffectListener<T>): void {
    const listeners = this.byEffect.get(effect);
    if (listeners) listeners.push(listener);
    else this.byEffect.set(effect, [listener]);
  }

  /** @param failed gets what a listener threw; the other listeners are called all the same */
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
