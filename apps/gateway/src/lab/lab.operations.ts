import { Fault, FaultList, FaultRequest, Healed } from '@backstep/contracts/http';
import { PROBLEMS } from '@backstep/problems';
import { z } from 'zod';
import { operation } from '../api/operation.js';
import { PATHS } from '../paths.js';
import { DoctorReport } from '../representations/doctor-report.js';

/** How long an examination may take, ms: it reads five databases and Kafka. One that takes longer is given to who asks next. */
export const EXAMINED_WITHIN_MS = 12_000;

const TAG = 'Lab';
const ONLY_HERE = 'Only where `npm start` runs the services, and for development.';
/** `npm start` is ending, or is busy for too long. */
const AWAY = [PROBLEMS.unavailable];

export const listFaults = operation({
  id: 'listFaults',
  operator: true,
  local: true,
  method: 'GET',
  path: PATHS.faults,
  tag: TAG,
  summary: 'List the processes, and the faults that were made in them',
  description: ONLY_HERE,
  answers: { 200: { description: 'As it is now', content: { 'application/json': FaultList } } },
  problems: AWAY,
});

export const makeFault = operation({
  id: 'makeFault',
  operator: true,
  local: true,
  method: 'POST',
  path: PATHS.faults,
  tag: TAG,
  summary: 'Make a fault: kill, pause, slow or hold a process, or let the provider ail',
  description:
    `${ONLY_HERE} Every fault heals by itself after \`forMs\`, whatever becomes of who made it; a killed process is started again. Nothing but ` +
    'what `npm start` has started is touched.',
  body: FaultRequest,
  answers: {
    201: {
      description: 'The fault is on, or waits for a process to come to its pause point',
      content: { 'application/json': Fault },
      links: { heal: { operationId: 'healFault', parameters: { faultId: '$response.body#/id' } } },
    },
  },
  problems: [PROBLEMS.conflict, PROBLEMS.tooManyRequests, ...AWAY],
});

export const healFaults = operation({
  id: 'healFaults',
  operator: true,
  local: true,
  method: 'DELETE',
  path: PATHS.faults,
  tag: TAG,
  summary: 'Heal all faults',
  description: ONLY_HERE,
  answers: { 200: { description: 'None is on any more', content: { 'application/json': Healed } } },
  problems: AWAY,
});

export const healFault = operation({
  id: 'healFault',
  operator: true,
  local: true,
  method: 'DELETE',
  path: PATHS.fault,
  tag: TAG,
  summary: 'Heal a fault',
  description: `${ONLY_HERE} A killed process comes back by itself.`,
  params: { faultId: z.uuid().meta({ description: 'As making it was answered' }) },
  answers: { 200: { description: 'It is over', content: { 'application/json': Fault } } },
  problems: [PROBLEMS.notFound, ...AWAY],
});

export const readDoctor = operation({
  id: 'readDoctor',
  operator: true,
  local: true,
  method: 'GET',
  path: PATHS.doctor,
  tag: TAG,
  summary: 'Check the invariants',
  description:
    `${ONLY_HERE} The report of \`npx backstep doctor --json\` on the newest 500 orders. One examination at a time, 2 s apart: who asks meanwhile ` +
    'gets the same report.',
  answers: { 200: { description: 'What was found', content: { 'application/json': DoctorReport } } },
  problems: AWAY,
});

/** What is served, and documented, only where the gateway was told of a control socket. */
export const LAB_OPERATIONS = [listFaults, makeFault, healFaults, healFault, readDoctor] as const;
