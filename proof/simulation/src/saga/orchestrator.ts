import type { SagaRegistry } from '@backstep/saga';
import { PostgresSagaStore, SAGA_ENTITIES, SagaEventHandler, SagaRow, TimerPoller } from '@backstep/saga/runtime';
import { Handlers } from '@backstep/unit-of-work';
import type { SimulatedService } from '../service/service.js';

/** How often due timers are looked for, milliseconds: the default of the orchestrator's setting. */
const TIMER_POLL_MS = 1_000;

/** The orchestrator with these sagas: its real handlers, store and timers. */
export const orchestratorOf = (registry: SagaRegistry): SimulatedService => ({
  name: 'orchestrator',
  consumes: [...new Set(registry.events.map(({ topic }) => topic))].sort(),
  entities: SAGA_ENTITIES,
  handlers: (coverage) => {
    const handlers = new Handlers([]);
    const handler = new SagaEventHandler(registry, {
      ignored: (_, reason) => coverage.add(`answers ignored: ${reason}`),
    });
    for (const event of registry.events) handlers.add(event, handler);
    return handlers;
  },
  start: ({ process, kernel, store, executor, unitOfWork, every, coverage }) => {
    const now = (): number => kernel.now + process.clockAheadMs;
    const isOurs = (subject: string): boolean => unitOfWork.isResponsibleFor(subject);
    const poller = new TimerPoller(new PostgresSagaStore(executor), unitOfWork, registry, now, {}, isOurs);
    const fire = async (): Promise<void> => coverage.add('timers fired', await poller.fireDue());
    const sagas = store.of(SagaRow).rows;
    const nothingIsDue = (): boolean => {
      for (const { timerAt } of sagas.values()) if (timerAt !== null && (timerAt as number) <= now()) return false;
      return true;
    };
    every(TIMER_POLL_MS, fire, nothingIsDue);
  },
});
