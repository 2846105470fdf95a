/** Told how far things are. `up` prints it; tests are silent. */
export interface Report {
  /** Runs `work` under a name. A long one is shown while it runs, each is shown with its seconds when done. */
  step<T>(name: string, work: () => Promise<T>): Promise<T>;
  note(line: string): void;
}

export const silent: Report = { step: (_name, work) => work(), note: () => undefined };
