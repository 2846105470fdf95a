import { redactText } from '@backstep/redaction';
import { outcomeWithin } from './within.js';

/** How long a readiness check may take by default. A check that takes longer counts as down. */
export const CHECK_TIMEOUT_MS = 1_000;

/** What a check found; `detail` is shown to whoever asks for readiness. */
export interface CheckResult {
  readonly status: 'ok' | 'down';
  readonly detail?: string;
}

/** Resolves when the dependency works. A check that throws or returns `status: 'down'` makes the service not ready. */
export type Check = () => Promise<void | CheckResult> | void | CheckResult;

/** Whether a service is ready, with what each check found and how long it took. */
export interface Readiness {
  readonly status: 'ok' | 'down';
  readonly service: string;
  /** Why the service was taken out of service, whatever its checks return. */
  readonly reason?: string;
  readonly checks: Readonly<Record<string, CheckResult & { readonly durationMs: number }>>;
}

/** Whether this process can do its work now. A service registers one check for each thing it depends on. */
export class HealthRegistry {
  private readonly checks = new Map<string, { readonly check: Check; readonly timeoutMs: number }>();
  private outOfService: string | undefined;
  private inProgress: Promise<Readiness> | undefined;

  constructor(private readonly service: string) {}

  /** @throws Error when the name is taken. */
  register(name: string, check: Check, { timeoutMs = CHECK_TIMEOUT_MS }: { readonly timeoutMs?: number } = {}): void {
    if (this.checks.has(name)) throw new Error(`a health check named ${name} is already registered`);
    this.checks.set(name, { check, timeoutMs });
  }

  /** Takes the service out for good, because it drains or its consumer is dead. The first reason stays. */
  notReady(reason: string): void {
    this.outOfService ??= redactText(reason);
  }

  /** Runs all checks in parallel. Callers that overlap share one run, so probes cannot pile up on a slow database. */
  readiness(): Promise<Readiness> {
    this.inProgress ??= this.runAll().finally(() => (this.inProgress = undefined));
    return this.inProgress;
  }

  private async runAll(): Promise<Readiness> {
    const names = [...this.checks.keys()];
    const results = await Promise.all([...this.checks.values()].map(runOne));
    const checks = Object.fromEntries(results.map((result, index) => [names[index], result]));
    const reason = this.outOfService;
    const ok = reason === undefined && results.every(({ status }) => status === 'ok');
    return { status: ok ? 'ok' : 'down', service: this.service, ...(reason !== undefined && { reason }), checks };
  }
}

async function runOne({ check, timeoutMs }: { readonly check: Check; readonly timeoutMs: number }) {
  const begun = performance.now();
  const outcome = await outcomeWithin(timeoutMs, check);
  const durationMs = Math.round(performance.now() - begun);
  if (outcome.ok) return { ...(outcome.value ?? { status: 'ok' as const }), durationMs };
  return { status: 'down' as const, detail: redactText(messageOf(outcome.error)), durationMs };
}

/** Node reports a refused connection to a name with several addresses as an AggregateError without a message. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
