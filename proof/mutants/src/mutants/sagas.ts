import type { Mutant } from '../mutant.js';
import { ANNOUNCED_SOON, DEADLINES, IMPATIENT, SIMULATED } from './checks.js';

const SEND_COMMAND = 'libs/saga/src/decide/send-command.ts';
const ANSWERS = 'libs/saga/src/decide/answers.ts';
const BACKWARD = 'libs/saga/src/decide/backward.ts';
const DECIDE = 'libs/saga/src/decide/decide.ts';
const TIMERS = 'libs/saga/src/decide/timers.ts';
const HANDLERS = 'libs/saga/src/runtime/saga-handlers.ts';
const SAGA_TIMER = 'libs/saga/src/store/saga-timer.ts';
const INVARIANTS = 'libs/saga/src/decide/invariants.ts';
const PLACE_ORDER = 'apps/orchestrator/src/place-order/place-order.saga.ts';

/** What keeps a saga on its way, forward and back. */
export const SAGAS: readonly Mutant[] = [
  {
    name: 'no-compensation-armed',
    prevents: 'A step that was sent is not taken back.',
    edits: [{ file: SEND_COMMAND, find: "armed: record.kind === 'compensatable',", replace: 'armed: false,' }],
    check: SIMULATED,
  },
  {
    name: 'silent-step-not-taken-back',
    prevents: 'A step that did not answer in time is taken for one that was not done.',
    edits: [
      {
        file: TIMERS,
        find: `return startCompensation(definition, coreOf(saga, context.now), { code: TIMED_OUT, message }, context);`,
        replace: `const core = coreOf(saga, context.now);
  const steps = core.steps.map((step) => (step.name === saga.awaiting.step ? { ...step, state: 'refused' as const, armed: false } : step));
  return startCompensation(definition, { ...core, steps }, { code: TIMED_OUT, message }, context);`,
      },
    ],
    check: IMPATIENT,
  },
  {
    name: 'compensations-oldest-first',
    prevents: 'Compensations run in another order than the reverse: the engine.',
    edits: [
      {
        file: BACKWARD,
        find: 'saga.steps.findLast((record) => record.armed)',
        replace: 'saga.steps.find((record) => record.armed)',
      },
      // The engine would refuse to store it, and park the message.
      {
        file: INVARIANTS,
        find: 'else if (saga.steps.slice(at + 1).some(({ armed }) => armed))',
        replace: 'else if (at < 0)',
      },
    ],
    check: SIMULATED,
  },
  {
    name: 'compensations-swapped',
    prevents: 'Compensations run in another order than the reverse: the table of the saga.',
    edits: [
      {
        file: PLACE_ORDER,
        find: 'undo: ReleaseStock,   undone: StockReleased,',
        replace: 'undo: RefundPayment,  undone: PaymentRefunded,',
      },
      {
        file: PLACE_ORDER,
        find: 'undo: RefundPayment,  undone: PaymentRefunded, timeout: seconds(30)',
        replace: 'undo: ReleaseStock,   undone: StockReleased,   timeout: seconds(30)',
      },
    ],
    check: SIMULATED,
  },
  {
    name: 'silent-pivot-is-a-no',
    prevents: 'An order is rejected that has been shipped, because the carrier’s answer was late.',
    edits: [{ file: BACKWARD, find: "?.kind === 'compensatable'", replace: "?.kind !== 'retriable'" }],
    check: DEADLINES,
  },
  {
    name: 'commandid-ignored',
    prevents: 'An answer to another command, or to none, moves a saga.',
    edits: [
      {
        file: ANSWERS,
        find: `  if (event.commandId !== saga.awaiting.commandId) return ignored(saga, 'not_awaited');
`,
        replace: '',
      },
    ],
    check: SIMULATED,
  },
  {
    name: 'new-commandid-each-attempt',
    prevents:
      'A step that is sent again is another step: its compensation is sent under two ids, its late answer is nobody’s.',
    edits: [
      {
        file: SEND_COMMAND,
        find: `commandId,
    attempts: attempts + 1,`,
        replace: `commandId: context.newId(),
    attempts: attempts + 1,`,
      },
    ],
    check: SIMULATED,
  },
  {
    name: 'one-message-for-all-attempts',
    prevents: 'A command that is sent again is dropped as a duplicate, and never answered.',
    edits: [
      {
        file: HANDLERS,
        find: 'emit(definition, data, { sagaId, commandId, ...cause }),',
        replace: 'emit(definition, data, { id: commandId, sagaId, commandId, ...cause }),',
      },
    ],
    check: SIMULATED,
  },
  {
    name: 'ended-saga-written-again',
    prevents: 'A late answer resurrects a saga that has ended.',
    edits: [
      {
        file: ANSWERS,
        find: `if (hasEnded(saga)) return ignored(saga, 'ended');`,
        replace: `if (hasEnded(saga)) return { instance: { ...saga, updatedAt: context.now }, commands: [], timers: {} };`,
      },
    ],
    check: SIMULATED,
  },
  {
    name: 'started-again',
    prevents: 'An order that is announced again begins anew.',
    edits: [
      {
        file: DECIDE,
        find: `if (input.kind === 'start') return ignored(instance, 'already_started');`,
        replace: `if (input.kind === 'start') return begin(definition, input.message, context);`,
      },
    ],
    check: ANNOUNCED_SOON,
  },
  {
    name: 'timer-not-reset',
    prevents: 'The saga has moved on when its timer fires: it is not reset, and no command is sent any more.',
    edits: [
      {
        file: HANDLERS,
        find: 'row.timerAt === timerAt ? [] : [update(SagaRow, row, { timerAt, failures: 0 })];',
        replace: 'row.timerAt === timerAt ? [] : [update(SagaRow, row, { timerAt: null, failures: 0 })];',
      },
    ],
    check: SIMULATED,
  },
  {
    name: 'timer-not-set',
    prevents: 'A command is sent again, the timer has fired, and is not set for the next attempt.',
    edits: [
      {
        file: SAGA_TIMER,
        find: 'return { timerAt, failures: 0 };',
        replace: 'return { timerAt: before ? null : timerAt, failures: 0 };',
      },
    ],
    check: SIMULATED,
  },
];
