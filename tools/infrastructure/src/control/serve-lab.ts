import { ControlServer } from './control-server.js';
import { Faults } from './faults.js';
import { faultFoldersOf } from './folders.js';
import { onceInAWhile } from './once-in-a-while.js';
import type { LabOptions, LabSystem } from './open-control.js';

/** Between the end of one examination and the beginning of the next: whoever looks does not load the system with looking. */
const EXAMINED_APART_MS = 2_000;

/** A file of its own, as what it imports takes a while to load: only a system with a lab does. */
export function serveLab(lab: LabOptions, system: LabSystem): Promise<ControlServer> {
  const { dir, supervisor, environment, report } = system;
  const faults = new Faults(supervisor, faultFoldersOf(dir), report);
  const examine = onceInAWhile(async () => lab.examine(environment()), EXAMINED_APART_MS);
  return ControlServer.open({ dir, faults, examine, report });
}
