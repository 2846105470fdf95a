import type { Mutant } from '../mutant.js';
import { spec } from './checks.js';

const FAULTS = 'tools/infrastructure/src/control/faults.ts';
const SERVER = 'tools/infrastructure/src/control/control-server.ts';
const SUPERVISOR = 'tools/infrastructure/src/supervisor.ts';
const LEDGER = 'apps/console/src/lab/ledger.ts';

const FAULT_IS_MADE = spec('tools/infrastructure/src/control/when-a-fault-is-made.unit.spec.ts');
const STRANGERS_ASK = spec('tools/infrastructure/src/control/when-strangers-ask-for-faults.unit.spec.ts');
const LEDGER_COUNTS = spec('apps/console/src/lab/what-a-ledger-counts.unit.spec.ts');

/** What keeps a fault that a person makes within what was started, within its time, and within its bounds. */
export const LAB: readonly Mutant[] = [
  {
    name: 'lab-without-secret',
    prevents: 'Whoever reaches the control socket kills services.',
    edits: [
      {
        file: SERVER,
        find: 'if (!hasSecret(request, secret)) throw',
        replace: "if (!hasSecret(request, secret) && secret === '') throw",
      },
    ],
    check: STRANGERS_ASK,
  },
  {
    name: 'lab-signals-a-reused-pid',
    prevents: 'A process of somebody else is stopped, which was given the pid of one that has ended.',
    edits: [
      {
        file: FAULTS,
        find: 'if (!child?.running || !isRunning(child.identity))',
        replace: 'if (!child?.running || !isRunning)',
      },
    ],
    check: FAULT_IS_MADE,
  },
  {
    name: 'lab-kills-whoever-runs-now',
    prevents: 'A process is killed that has just come back, for one that a person saw before it.',
    edits: [
      {
        file: FAULTS,
        find: 'if (pid !== undefined && pid !== child.pid)',
        replace: 'if (pid !== undefined && pid < 0)',
      },
    ],
    check: FAULT_IS_MADE,
  },
  {
    name: 'lab-never-heals',
    prevents: 'A paused service stands still until somebody notices.',
    edits: [
      {
        file: FAULTS,
        find: 'setTimeout(() => this.heal(id), healsAt - startedAt)',
        replace: 'setTimeout(() => this.list(), healsAt - startedAt)',
      },
    ],
    check: FAULT_IS_MADE,
  },
  {
    name: 'lab-stops-without-healing',
    prevents: 'A process that stands still does not hear that it is to end, and is killed instead.',
    edits: [{ file: FAULTS, find: 'this.isStopped = true;\n    this.healAll();', replace: 'this.isStopped = true;' }],
    check: FAULT_IS_MADE,
  },
  {
    name: 'lab-without-bound',
    prevents: 'Faults are made without end, a timer each.',
    edits: [{ file: FAULTS, find: 'if (on.length >= FAULTS_MAX)', replace: 'if (on.length >= 100 * FAULTS_MAX)' }],
    check: FAULT_IS_MADE,
  },
  {
    name: 'lab-deaths-count',
    prevents: 'A service that a person has killed often stays down, as if it were broken.',
    edits: [
      {
        file: SUPERVISOR,
        find: 'isFirst && this.killed.has(dead) ? policy.baseMs : budget.died',
        replace: 'isFirst && !policy ? 0 : budget.died',
      },
    ],
    check: FAULT_IS_MADE,
  },
  {
    name: 'ledger-believes-the-server',
    prevents: 'An order that was accepted and does not exist is counted as under way.',
    edits: [
      {
        file: LEDGER,
        find: 'if (this.open.delete(id)) this.missing.add(id);',
        replace: 'if (this.open.has(id)) this.missing.delete(id);',
      },
    ],
    check: LEDGER_COUNTS,
  },
];
