/**
 * Named places where a test can hold a process, to kill it there (see docs/pause-points.md).
 * In production no point is armed, and a pause point costs one comparison.
 */
export type PausePointReached = (name: string) => Promise<void>;

let reached: PausePointReached | undefined;

/** Arms all pause points: `listener` decides which names it holds, and for how long. */
export function armPausePoints(listener: PausePointReached | undefined): void {
  reached = listener;
}

/** `if (pausePointsArmed()) await pausePoint('…')` keeps the hot path free of a promise. */
export const pausePointsArmed = (): boolean => reached !== undefined;

/** Waits while the listener holds this point; returns at once where none is armed. */
export async function pausePoint(name: string): Promise<void> {
  await reached?.(name);
}
