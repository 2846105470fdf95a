/**
 * A program for the copy, whose packages are the copy's own: runs the simulation until an invariant breaks, and prints what it found, as
 * JSON. Not `backstep simulate`, which tells a story of it and runs hundreds more to make that short. Its one argument is the check.
 */
import { placeOrderSystem } from '@backstep/shop-simulation';
import { Simulator } from '@backstep/simulation';
import type { SimulationCheck } from '../mutant.js';

export interface Found {
  readonly runs: number;
  readonly seed?: number;
  readonly invariant?: string;
  readonly what?: string;
}

async function simulate(check: SimulationCheck): Promise<Found> {
  const simulator = await Simulator.of(placeOrderSystem({ editsProducts: check.express }));
  for (let run = 0; run < check.runs; run++) {
    const seed = check.seed + run;
    const drawn = simulator.plan(seed, { ordersMax: check.orders, express: check.express });
    const storm = check.storms?.[run % check.storms.length] ?? [];
    const { violation } = await simulator.run({
      seed,
      express: check.express,
      instances: check.instances ?? drawn.instances,
      subjects: drawn.subjects.map((subject) => ({ ...subject, ...check.order })),
      faults: check.onlyThese ? storm : [...drawn.faults, ...storm],
    });
    if (violation) return { runs: run + 1, seed, invariant: violation.invariant, what: violation.what };
  }
  return { runs: check.runs };
}

console.log(JSON.stringify(await simulate(JSON.parse(process.argv[2] ?? '') as SimulationCheck)));
