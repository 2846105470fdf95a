import { describe, expect, it } from '@jest/globals';
import type { Fault, SystemProcess } from '../api/types.js';
import { CHARGED, chargingOf, holdOf, type Run, type Seen, stageOf } from './script.js';

/** Goal: the script offers the one click that comes next, and waits for what the system does between two. Method: a run, a look at a time. */
const seen = (change: Partial<Seen>): Seen => ({
  ...{ process: { pid: 1, state: 'up' }, hold: undefined, hasEnded: false, isExamined: false },
  ...change,
});
const process = (service: string): SystemProcess => ({
  ...{ service, pid: 1, state: 'up', startedAt: null, restarts: 0 },
});
const fault = (change: Partial<Fault>): Fault => ({
  ...{ id: '1', kind: 'pause-point', target: { service: 'payment', pid: 1 }, what: `payment is held at ${CHARGED}` },
  ...{ state: 'waiting', startedAt: '', healsAt: null, endedAt: null },
  ...change,
});

describe('the script', () => {
  it('goes from click to click, and says what is waited for between them', () => {
    const looks: readonly (readonly [Run, Partial<Seen>, ReturnType<typeof stageOf>])[] = [
      [{}, {}, 'hold'],
      [{}, { hold: { state: 'waiting' } }, 'place'],
      [{ orderId: 'o' }, { hold: { state: 'waiting' } }, 'comes'],
      [{ orderId: 'o' }, { hold: { state: 'on' }, process: { pid: 1, state: 'held' } }, 'kill'],
      [{ orderId: 'o', killedPid: 1 }, { process: { pid: 1, state: 'held' } }, 'returns'],
      [{ orderId: 'o', killedPid: 1 }, { process: { pid: null, state: 'down' } }, 'returns'],
      [{ orderId: 'o', killedPid: 1 }, { process: undefined }, 'returns'],
      [{ orderId: 'o', killedPid: 1 }, { process: { pid: 2, state: 'starting' } }, 'returns'],
      [{ orderId: 'o', killedPid: 1 }, { process: { pid: 2, state: 'up' } }, 'ends'],
      [{ orderId: 'o', killedPid: 1 }, { process: { pid: 2, state: 'up' }, hasEnded: true }, 'checks'],
      [{ orderId: 'o', killedPid: 1 }, { process: { pid: 2, state: 'up' }, hasEnded: true, isExamined: true }, 'look'],
    ];
    for (const [run, change, stage] of looks)
      expect([run, change, stageOf(run, seen(change))]).toEqual([run, change, stage]);
  });

  it('an order that ended although nobody was killed has shown nothing', () => {
    expect(stageOf({ orderId: 'o' }, seen({ hasEnded: true, isExamined: true }))).toBe('missed');
  });

  it('kills the process that charges, whether it shares one with others', () => {
    const apart = ['order', 'payment', 'gateway'].map(process);
    expect(chargingOf(apart, [CHARGED, 'timer.before-commit'])?.service).toBe('payment');
    expect(chargingOf([process('host-2')], [CHARGED])?.service).toBe('host-2');
    expect(chargingOf(apart, ['timer.before-commit'])).toBeUndefined();
  });

  it('a hold counts while it is on, of that process, at that point', () => {
    expect(holdOf([fault({})], 'payment')).toBeDefined();
    expect(holdOf([fault({ state: 'over' })], 'payment')).toBeUndefined();
    expect(holdOf([fault({ what: 'payment is held at payment.before-provider-charge' })], 'payment')).toBeUndefined();
    expect(holdOf([fault({ kind: 'pause' })], 'payment')).toBeUndefined();
    expect(holdOf([fault({})], 'order')).toBeUndefined();
  });
});
