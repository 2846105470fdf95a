import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU time in hundredths of a second (`getconf CLK_TCK`). */
export const MS_PER_TICK = 10;
const BYTES_PER_PAGE = 4_096;

export interface ProcessUse {
  /** User and system, since the process began. */
  readonly cpuMs: number;
  /** The same of children that have ended and were waited for. */
  readonly endedChildrenCpuMs: number;
  readonly residentBytes: number;
}

interface Stat extends Omit<ProcessUse, 'residentBytes'> {
  readonly parent: number;
}

/** @throws Error when the process is gone */
function statOf(pid: number): Stat {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // After the name, which is in parentheses and may hold anything.
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [utime = 0, stime = 0, cutime = 0, cstime = 0] = fields.slice(11);
  return {
    parent: fields[1] ?? 0,
    cpuMs: (utime + stime) * MS_PER_TICK,
    endedChildrenCpuMs: (cutime + cstime) * MS_PER_TICK,
  };
}

/** @returns undefined for a process that is gone */
export function useOf(pid: number): ProcessUse | undefined {
  try {
    const { cpuMs, endedChildrenCpuMs } = statOf(pid);
    const resident = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
    return { cpuMs, endedChildrenCpuMs, residentBytes: resident * BYTES_PER_PAGE };
  } catch {
    return undefined;
  }
}

/** PostgreSQL is a family: a server, and a process for each connection. */
export function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((candidate) => Number.isInteger(candidate) && isChild(candidate, pid));
}

function isChild(candidate: number, pid: number): boolean {
  try {
    return statOf(candidate).parent === pid;
  } catch {
    return false;
  }
}
