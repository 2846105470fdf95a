import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';

/** Where distributions put libfaketime, which lies to a process about the time below all of its code. The threaded one: Node has threads. */
const FAKETIME = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1',
  '/usr/lib64/faketime/libfaketimeMT.so.1',
  '/usr/lib/faketime/libfaketimeMT.so.1',
].find((library) => existsSync(library));

/** How often libfaketime looks at its file, seconds. */
const LOOK_EVERY_S = '1';

/** The wall clock of a process to be started. The monotonic one behind its timers stays right, as where a machine's time is corrected. */
export interface SteppedClock {
  readonly environment: Readonly<Record<string, string>>;
  /** Makes it wrong by so much; 0 is right again. */
  step(offsetMs: number): Promise<void>;
}

/** Where there is no libfaketime, the wall clock of JavaScript is replaced: see inside/preload.ts. */
export const CLOCKS_ARE = FAKETIME === undefined ? 'injected' : 'stepped by libfaketime';

/** @param file through which the clock is told how wrong it is */
export async function clockAt(file: string): Promise<SteppedClock> {
  const told =
    FAKETIME === undefined ? String : (offsetMs: number) => `${offsetMs < 0 ? '' : '+'}${offsetMs / 1_000}\n`;
  const step = (offsetMs: number): Promise<void> => writeFile(file, told(offsetMs));
  await step(0);
  if (FAKETIME === undefined) return { environment: { CHAOS_CLOCK: file }, step };
  return {
    environment: {
      LD_PRELOAD: FAKETIME,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_CACHE_DURATION: LOOK_EVERY_S,
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
    step,
  };
}
