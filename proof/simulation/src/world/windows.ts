import type { Coverage } from './coverage.js';
import type { Fault, Window } from './faults.js';
import type { SimulatedProcess } from './process.js';
import type { Story } from './story.js';

type WindowFault = Extract<Fault, { kind: 'window' }>;

/** Counts how often each service passes each window, and applies the faults of the plan there. */
export class Windows {
  /** By service and window. */
  private readonly armed = new Map<string, Map<Window, WindowFault[]>>();
  private readonly passed = new Map<readonly WindowFault[], number>();
  private healed = false;

  constructor(
    faults: readonly Fault[],
    private readonly story: Story,
    private readonly coverage: Coverage,
  ) {
    for (const fault of faults) {
      if (fault.kind !== 'window') continue;
      const { service, window } = fault;
      const places = this.armed.get(service) ?? new Map<Window, WindowFault[]>();
      this.armed.set(service, places.set(window, [...(places.get(window) ?? []), fault]));
    }
  }

  isArmed(process: SimulatedProcess, window: Window): boolean {
    return !this.healed && this.armed.get(process.service)?.has(window) === true;
  }

  /** Ends all faults. */
  heal(): void {
    this.healed = true;
  }

  /** The process passes the window. @returns `lost` when the request or its answer does not arrive; the process may be dead afterwards. */
  pass(process: SimulatedProcess, window: Window): 'goes on' | 'lost' {
    if (this.healed) return 'goes on';
    const faults = this.armed.get(process.service)?.get(window);
    if (!faults) return 'goes on';
    const passed = (this.passed.get(faults) ?? 0) + 1;
    this.passed.set(faults, passed);
    const fault = faults.find(({ nth }) => nth === passed);
    if (!fault) return 'goes on';
    return this.happen(process, fault);
  }

  private happen(process: SimulatedProcess, { window, act, ms }: WindowFault): 'goes on' | 'lost' {
    this.coverage.add(`${act} ${window}`);
    switch (act) {
      case 'crash':
        this.story.tell(() => `${process.name} crashes ${window}`);
        process.kill();
        return 'goes on';
      case 'stop':
        this.story.tell(() => `${process.name} is stopped ${window}, for ${ms} ms`);
        process.stop(ms);
        return 'goes on';
      case 'lose':
        this.story.tell(() => `${process.name} loses what is on its way ${window}`);
        return 'lost';
    }
  }
}
