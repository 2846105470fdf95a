import type { Report } from '../report.js';
import type { RunningEnvironment } from '../running-environment.js';
import type { Supervisor } from '../supervisor.js';
import type { ControlServer } from './control-server.js';

/** What a system offers beside its services, for development: faults, and a doctor to ask meanwhile. */
export interface LabOptions {
  /** Looks at what runs, and answers what it found: any JSON. */
  readonly examine: (environment: RunningEnvironment) => Promise<unknown>;
}

export interface LabSystem {
  readonly dir: string;
  readonly supervisor: Supervisor;
  readonly environment: () => RunningEnvironment;
  readonly report: Report;
}

/** Opens the control socket of a system that has a lab. One that cannot be opened is told: the system is there without. */
export async function openControl(lab: LabOptions | undefined, system: LabSystem): Promise<ControlServer | undefined> {
  if (!lab) return undefined;
  try {
    const { serveLab } = await import('./serve-lab.js');
    return await serveLab(lab, system);
  } catch (error) {
    system.report.note(`✗ There is no lab: ${(error as Error).message}`);
    return undefined;
  }
}
