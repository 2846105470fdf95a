import { describe, expect, it } from '@jest/globals';
import { Random } from '@backstep/simulation';
import { FAULTS } from './faults/index.js';
import { drawErrand } from './load/mix.js';
import { drawPlan, type Plan } from './schedule.js';
import { EXPRESS_LINKS } from './system/links.js';
import { inHosts } from './system/start.js';

/** Goal: a seed is a whole run, the same every time; what it draws can be done. */
const SEEDS = Array.from({ length: 200 }, (_, index) => index + 1);
const plan = (seed: number): Plan => drawPlan({ seed, durationMs: 120_000 });
const withoutSockets = FAULTS.filter(({ wants }) => wants === undefined);

describe('a run', () => {
  it('a run is the same for the same seed, and another for another seed', () => {
    expect(plan(42)).toEqual(plan(42));
    expect(plan(42).schedule).not.toEqual(plan(43).schedule);
  });

  it('a run has one instance of each service for some seeds, and two for others', () => {
    const two = SEEDS.filter((seed) => plan(seed).instances === 2).length;
    expect(two).toBeGreaterThan(SEEDS.length / 3);
    expect(two).toBeLessThan((SEEDS.length * 2) / 3);
    expect(drawPlan({ seed: 1, durationMs: 1_000, instances: 2 }).instances).toBe(2);
  });

  it('a run of hosts has the faults of the same seed with services apart', () => {
    const { hosts, instances, schedule } = drawPlan({ seed: 7, durationMs: 120_000, hosts: 2 });
    expect({ hosts, instances }).toEqual({ hosts: 2, instances: 2 });
    expect(schedule).toEqual(plan(7).schedule);
  });

  it('victims of a run of hosts are the hosts in which services run', () => {
    expect(inHosts(['order', 'order-2', 'gateway', 'payment-provider', 'payment'], 2)).toEqual([
      'host',
      'host-2',
      'payment-provider',
    ]);
    expect(inHosts(['order', 'order-2'], undefined)).toEqual(['order', 'order-2']);
  });

  it('a run has overlapping faults, but never two on a part that each needs alone', () => {
    let overlaps = 0;
    for (const { schedule } of SEEDS.map(plan)) {
      for (const [index, a] of schedule.entries()) {
        for (const b of schedule.slice(index + 1).filter(({ beginMs }) => beginMs < a.endMs)) {
          overlaps += 1;
          expect(a.fault.touches.filter((touched) => b.fault.touches.includes(touched))).toEqual([]);
        }
      }
    }
    expect(overlaps).toBeGreaterThan(SEEDS.length);
  });

  it('a run ends all its faults before its own end', () => {
    for (const { schedule, durationMs } of SEEDS.map(plan)) {
      for (const { beginMs, endMs } of schedule) expect(beginMs <= endMs && endMs <= durationMs).toBe(true);
    }
  });

  it('a run never has two exclusive faults at once', () => {
    for (const { schedule } of SEEDS.map(plan)) {
      const names = schedule.map(({ fault }) => fault.name);
      for (const { fault } of schedule) expect(names.filter((name) => fault.notWith?.includes(name))).toEqual([]);
    }
  });

  it('a run knows beforehand which links its faults will cut', () => {
    for (const { schedule, links } of SEEDS.map(plan)) {
      for (const { fault, seed } of schedule) {
        for (const link of fault.links?.(new Random(seed)) ?? []) expect(links).toContain(link);
      }
    }
  });

  it('runs draw every fault over many seeds, or only the named ones', () => {
    const drawn = new Set(SEEDS.flatMap((seed) => plan(seed).schedule.map(({ fault }) => fault.name)));
    expect([...drawn].sort()).toEqual(withoutSockets.map(({ name }) => name).sort());
    const { schedule } = drawPlan({ seed: 1, durationMs: 120_000, faults: ['kill -9'] });
    expect(new Set(schedule.map(({ fault }) => fault.name))).toEqual(new Set(['kill -9']));
    expect(() => drawPlan({ seed: 1, durationMs: 1_000, faults: ['rain'] })).toThrow('no fault "rain"');
  });
});

describe('a run with sockets', () => {
  const withSockets = (seed: number): Plan => drawPlan({ seed, durationMs: 120_000, sockets: true });
  const ofSockets = FAULTS.filter(({ wants }) => wants === 'sockets');

  it('a run with sockets has each fault of what is between services, on links of theirs', () => {
    expect(EXPRESS_LINKS).toEqual(
      expect.arrayContaining(['orchestrator→payment', 'payment→orchestrator', 'order→orchestrator', 'inventory→order']),
    );
    for (const { schedule, links } of SEEDS.map(withSockets)) {
      const drawn = new Set(schedule.map(({ fault }) => fault));
      expect(ofSockets.filter((fault) => !drawn.has(fault))).toEqual([]);
      expect(EXPRESS_LINKS.some((link) => links.has(link))).toBe(true);
    }
  });

  it('a run without sockets is offered none of these faults', () => {
    expect(() => drawPlan({ seed: 1, durationMs: 1_000, faults: ['express cut'] })).toThrow('no fault "express cut"');
    const { schedule } = drawPlan({ seed: 1, durationMs: 60_000, sockets: true, faults: ['express cut'] });
    expect(new Set(schedule.map(({ fault }) => fault.name))).toEqual(new Set(['express cut']));
  });
});

describe('the customers of a run', () => {
  it('the customers of a run are the same for the same seed', () => {
    const day = (seed: number) => {
      const random = new Random(seed);
      return Array.from({ length: 50 }, () => drawErrand(random));
    };
    expect(day(5)).toEqual(day(5));
    expect(day(5)).not.toEqual(day(6));
    expect(new Set(day(5).map(({ key }) => key)).size).toBe(50);
  });
});
