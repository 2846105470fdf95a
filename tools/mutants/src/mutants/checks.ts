import type { SimulationCheck } from '../mutant.js';

/** What most mutants are given: as many runs as a protection may stay unnoticed for. */
export const SIMULATED: SimulationCheck = { kind: 'simulation', seed: 1, runs: 200, orders: 3 };
