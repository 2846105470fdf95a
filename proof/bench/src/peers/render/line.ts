import type { Cell } from '../report.js';
import { cost, time } from './cells.js';

/** One phase for a person who watches. */
export function cellLine(title: string, { round, phase, figures }: Cell): string {
  const { ordersPerSecond, latencyMs, sagaMs, cpuMsPerOrder: cpu, cpuMsPerSecond, memoryMb, otherCores } = figures;
  const what =
    ordersPerSecond === 0
      ? [`${cost(cpuMsPerSecond)} CPU-ms a second, ${time(memoryMb)} MB`]
      : [
          `${Math.round(ordersPerSecond)}/s`.padStart(7),
          `p50 ${time(latencyMs.p50)}, p99 ${time(latencyMs.p99)} ms (of the saga ${time(sagaMs.p50)}, ${time(sagaMs.p99)})`,
          `CPU-ms ${cost(cpu.total)} = ${cost(cpu.node)} + ${cost(cpu.engine)} + ${cost(cpu.postgres)}, beside ${cost(cpu.load)} of the load and ${cost(cpu.provider)} of the stand-in`,
        ];
  const others = otherCores > OTHERS_CORES ? [`${otherCores.toFixed(2)} cores used by others`] : [];
  return [`round ${round}  ${title.padEnd(9)} ${phase.padEnd(13)}`, ...what, ...others].join('  ');
}

/** The kernel's own threads, which write and send for the system, are below it. */
const OTHERS_CORES = 0.15;
