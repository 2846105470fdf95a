import type { Fault } from './faults.js';
import { tellFault } from './faults.js';
import type { World } from './world.js';
import { poison, type Poison } from './poison.js';

/**
 * Applies the timed faults of a plan.
 * @param stray makes an answer to no command, when a saga waits for an answer
 * @param unhandled makes a message that can be read and not handled, if the system has one
 */
export function scheduleFaults(world: World, faults: readonly Fault[], stray: () => boolean, unhandled: Poison): void {
  for (const fault of faults) {
    if (fault.kind === 'window') continue;
    world.kernel.after(fault.at, () => {
      if (!happen(world, fault, stray, unhandled)) return;
      world.coverage.add(fault.kind);
      world.story.tell(() => tellFault(fault));
    });
  }
}

/** @returns whether the fault had a target */
function happen(
  world: World,
  fault: Exclude<Fault, { kind: 'window' }>,
  stray: () => boolean,
  unhandled: Poison,
): boolean {
  const { log, kernel } = world;
  const until = kernel.now + ('ms' in fault ? fault.ms : 0);
  const process = 'instance' in fault ? world.process(fault.service, fault.instance) : undefined;
  if ('instance' in fault && !process?.alive) return false;
  switch (fault.kind) {
    case 'crash':
      process?.kill();
      return true;
    case 'stop':
      process?.stop(fault.ms);
      return true;
    case 'cut':
      process?.cut(fault.peer, until);
      return true;
    case 'clock':
      if (process) process.clockAheadMs = fault.ms;
      return true;
    case 'kafka away':
      log.awayUntil = until;
      return true;
    case 'database away':
      world.store(fault.service).awayUntil = until;
      return true;
    case 'log lost':
      log.wipe();
      world.reposition();
      return true;
    case 'duplicates':
      return duplicates(world, fault.count);
    case 'rewind':
      log.rewind(world.group(fault.service));
      world.reposition(fault.service);
      return true;
    case 'delay':
      log.delay(fault.topic, fault.partition, until);
      return true;
    case 'poison':
      return poison(world, fault.service, unhandled);
    case 'stray answer':
      return stray();
  }
}

function duplicates({ log, random }: World, count: number): boolean {
  const there = log.records;
  if (there.length === 0) return false;
  for (let n = 0; n < count; n++) log.append(random.pick(there), true);
  return true;
}
