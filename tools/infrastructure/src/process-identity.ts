import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When the system says the process began. Opaque, compared for equality only. */
  readonly began: string;
}

/**
 * Pids are reused, start times of a pid are not: both together name one process for good.
 * @returns undefined when no such process runs. A zombie does not run.
 */
export function identify(pid: number): ProcessIdentity | undefined {
  const began = process.platform === 'linux' ? beganLinux(pid) : beganElsewhere(pid);
  return began === undefined ? undefined : { pid, began };
}

/** True while exactly this process runs, and not another one that was given its number. */
export const isRunning = (known: ProcessIdentity): boolean => identify(known.pid)?.began === known.began;

/** Fields after the command, which stands in brackets and may itself hold blanks and brackets: state is 0, start time is 19. */
function beganLinux(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function beganElsewhere(pid: number): string | undefined {
  return process.platform === 'win32'
    ? ask(
        'powershell',
        '-NoProfile',
        '-Command',
        `(Get-Process -Id ${pid} -ErrorAction Stop).StartTime.ToFileTimeUtc()`,
      )
    : ask('ps', '-o', 'lstart=', '-p', String(pid));
}

/** The program a pid runs, or undefined when none does. */
export function commandOf(pid: number): string | undefined {
  if (process.platform === 'win32') return ask('tasklist', '/NH', '/FI', `PID eq ${pid}`);
  if (process.platform !== 'linux') return ask('ps', '-o', 'comm=', '-p', String(pid));
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** The system's tools answer "no such process" by failing. */
function ask(command: string, ...args: readonly string[]): string | undefined {
  try {
    const answer = execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return answer.trim() || undefined;
  } catch {
    return undefined;
  }
}
