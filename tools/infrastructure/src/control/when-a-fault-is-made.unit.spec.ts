import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Fault } from '@backstep/contracts/http';
import { FAULTS_MAX } from './faults.js';
import {
  ask,
  control,
  dir,
  faults,
  listed,
  make,
  openLab,
  pidOf,
  program,
  standsStill,
  supervisor,
  until,
} from './lab.fixture.spec.js';

/**
 * Goal: a fault does what it says to the process that it names, and to no other; it heals by itself, when it is told to, and when everything stops;
 * there are so many at once and no more.
 * Method: small real processes under the supervisor, faults over the control socket, and the system's own word for what a process does.
 */
openLab();
afterEach(() => void jest.restoreAllMocks());

const SHORTEST_MS = 1_000;
const LONGEST_MS = 60_000;
const target = { service: 'payment' };

beforeEach(async () => {
  await supervisor.start(program('payment'));
  await supervisor.start(program('order'));
});

const faultOf = async (fault: object): Promise<Fault> => {
  const { status, body } = await make(fault);
  expect([status, body]).toEqual([201, expect.anything()]);
  return body as unknown as Fault;
};

describe('a fault', () => {
  it('a paused process stands still and heals by itself, the others run', async () => {
    const pid = pidOf('payment');
    const fault = await faultOf({ kind: 'pause', target: { ...target, pid }, forMs: SHORTEST_MS });
    expect(fault).toMatchObject({ kind: 'pause', target: { service: 'payment', pid }, state: 'on', endedAt: null });
    expect(Date.parse(fault.healsAt ?? '') - Date.parse(fault.startedAt)).toBe(SHORTEST_MS);
    await until(() => standsStill(pid));
    expect(standsStill(pidOf('order'))).toBe(false);
    await until(() => !standsStill(pid));
    await until(async () => (await listed())[0]?.state === 'over');
    expect(pidOf('payment')).toBe(pid);
  });

  it('a fault is taken back when it is told to, once', async () => {
    const { id } = await faultOf({ kind: 'pause', target, forMs: LONGEST_MS });
    await until(() => standsStill(pidOf('payment')));
    const first = await ask('DELETE', `/faults/${id}`);
    expect([first.status, first.body['state']]).toEqual([200, 'over']);
    await until(() => !standsStill(pidOf('payment')));
    expect((await ask('DELETE', `/faults/${id}`)).body).toEqual(first.body);
  });

  it('a killed process is back by itself, and no death that was asked for leaves it down', async () => {
    for (const restarts of [1, 2, 3]) {
      const before = pidOf('payment');
      await faultOf({ kind: 'kill', target: { ...target, pid: before } });
      await until(async () => (await listed()).every(({ state }) => state === 'over'));
      expect(pidOf('payment')).not.toBe(before);
      const { body } = await ask('GET', '/faults');
      expect(body['processes']).toContainEqual(expect.objectContaining({ service: 'payment', restarts, state: 'up' }));
    }
  });

  it('a slow process stands still for some of the time, and runs for the rest', async () => {
    const pid = pidOf('payment');
    await faultOf({ kind: 'slow', target, level: 50, forMs: LONGEST_MS });
    for (const isStill of [true, false, true, false]) await until(() => standsStill(pid) === isStill);
  });

  it('a pause that its process does not live through is over', async () => {
    await faultOf({ kind: 'pause', target, forMs: LONGEST_MS });
    await until(() => standsStill(pidOf('payment')));
    await faultOf({ kind: 'kill', target });
    await until(async () => (await listed()).every(({ state }) => state === 'over'));
    await until(() => !standsStill(pidOf('payment')));
  });

  it('a process is held where its folder says, and let go when the fault is over', async () => {
    const path = join(dir, 'pause-points', 'payment', 'batch.after-commit');
    const { id } = await faultOf({ kind: 'pause-point', target, point: 'batch.after-commit', forMs: LONGEST_MS });
    expect((await listed())[0]?.state).toBe('waiting');
    // As a process does that comes there.
    renameSync(`${path}.armed`, `${path}.reached`);
    expect((await listed())[0]?.state).toBe('on');
    await ask('DELETE', `/faults/${id}`);
    expect([existsSync(`${path}.armed`), existsSync(`${path}.reached`)]).toEqual([false, false]);
  });

  it('what ails the provider is written where it looks, with its end', async () => {
    await supervisor.start(program('payment-provider'));
    const path = join(dir, 'payment-provider', 'ailment.json');
    const provider = { kind: 'provider', target: { service: 'payment-provider' } };
    const { id, healsAt } = await faultOf({ ...provider, ailment: 'error', forMs: LONGEST_MS });
    const written = JSON.parse(readFileSync(path, 'utf8')) as unknown;
    expect(written).toEqual({ ailment: 'error', until: Date.parse(healsAt ?? '') });
    await ask('DELETE', `/faults/${id}`);
    expect(existsSync(path)).toBe(false);
  });
});

describe('a fault is refused', () => {
  it.each([
    ['of an unknown kind', { kind: 'flood', target }, 'kind'],
    ['of a process that was not started here', { kind: 'kill', target: { service: 'init' } }, 'target.service'],
    ['of PostgreSQL, which is no service', { kind: 'kill', target: { service: 'postgres' } }, 'target.service'],
    ['for longer than a minute', { kind: 'pause', target, forMs: LONGEST_MS + 1 }, 'forMs'],
    ['with an unknown field', { kind: 'pause', target, signal: 'SIGTERM' }, 'signal'],
    ['at a point outside of its folder', { kind: 'pause-point', target, point: '../../run.json' }, 'point'],
    ['at no point', { kind: 'pause-point', target }, 'point'],
    ['with a level that is not for it', { kind: 'pause', target, level: 50 }, 'level'],
    ['with an ailment of another service', { kind: 'provider', target }, 'target.service'],
  ])('a fault %s is refused by the name of its field', async (_, fault, field) => {
    const { status, body } = await make(fault);
    expect([status, body['type']]).toEqual([400, 'urn:backstep:problem:validation']);
    expect(body['errors']).toContainEqual(expect.objectContaining({ in: 'body', field }));
    expect(await listed()).toEqual([]);
  });

  it('a fault of a pid that is not the process’s is refused, and hurts nobody', async () => {
    const { status, body } = await make({ kind: 'pause', target: { ...target, pid: process.pid } });
    expect([status, body['type']]).toEqual([409, 'urn:backstep:problem:conflict']);
    expect(body['detail']).toBe(
      `payment has the pid ${pidOf('payment')}, not ${process.pid}: another process has taken its place.`,
    );
    expect(standsStill(pidOf('payment'))).toBe(false);
  });

  it('a pid that another process was given meanwhile gets no signal', async () => {
    const [payment] = supervisor.processes();
    if (!payment?.child) throw new Error('payment does not run');
    const { child } = payment;
    // As the supervisor would see it that has not heard of its child's end yet.
    const replaced = Object.create(child, {
      identity: { value: { pid: child.pid, began: 'another day' } },
    }) as typeof child;
    jest.spyOn(supervisor, 'processes').mockReturnValue([{ ...payment, child: replaced }]);
    const { status } = await make({ kind: 'pause', target });
    expect(status).toBe(409);
    expect(standsStill(child.pid)).toBe(false);
  });

  it('a second pause of one process is refused, and its killing is not', async () => {
    await faultOf({ kind: 'slow', target, forMs: LONGEST_MS });
    expect((await make({ kind: 'pause', target })).status).toBe(409);
    await faultOf({ kind: 'kill', target });
  });

  it('there are so many faults at once and no more; when one is healed there is room again', async () => {
    const points = ['batch.before-commit', 'batch.after-commit', 'outbox.before-publish', 'outbox.after-ack'];
    const wanted = ['payment', 'order'].flatMap((service) =>
      points.map((point) => ({ kind: 'pause-point', target: { service }, point, forMs: LONGEST_MS })),
    );
    expect(wanted).toHaveLength(FAULTS_MAX);
    const made = await Promise.all(wanted.map(faultOf));
    const refused = await make({ kind: 'pause', target });
    expect([refused.status, refused.body['detail']]).toEqual([429, '8 faults are on: heal one first.']);
    await ask('DELETE', `/faults/${made[0]?.id}`);
    await faultOf({ kind: 'pause', target });
    expect((await ask('DELETE', '/faults')).body).toEqual({ healed: FAULTS_MAX });
  });
});

describe('when everything stops', () => {
  it('every fault is taken back first, and none is made any more', async () => {
    const pid = pidOf('payment');
    await faultOf({ kind: 'pause', target, forMs: LONGEST_MS });
    await until(() => standsStill(pid));
    control.close();
    await until(() => !standsStill(pid));
    expect(() => faults.make({ kind: 'pause', target })).toThrow('Everything is being stopped.');
  });
});
