/** Something the person at the keyboard can mend: the message is one sentence that says what to do. */
export class SetupError extends Error {
  override readonly name: string = 'SetupError';
}

/** A port is held by someone else. Names the setting that moves ours. */
export class PortTakenError extends SetupError {
  override readonly name = 'PortTakenError';
  constructor(
    readonly what: string,
    readonly port: number,
    readonly setting: string,
  ) {
    super(`Port ${port} (${what}) is taken by another program: set ${setting} to a free port.`);
  }
}

/** Several are, as when another clone's system runs. */
export class PortsTakenError extends SetupError {
  override readonly name = 'PortsTakenError';
  constructor(readonly taken: readonly PortTakenError[]) {
    const ports = taken.map(({ port, what }) => `${port} (${what})`).join(', ');
    const settings = taken.map(({ setting }) => setting).join(', ');
    super(
      `Ports ${ports} are taken, perhaps by Backstep from another clone: stop it there, or set ${settings} to free ports.`,
    );
  }
}

/** Another starter holds this folder. */
export class AlreadyRunningError extends SetupError {
  override readonly name = 'AlreadyRunningError';
  constructor(
    readonly dir: string,
    readonly pid: number,
    readonly gateway: string | undefined,
  ) {
    super(`Backstep is already running from ${dir} (process ${pid})${gateway ? ` at ${gateway}` : ''}.`);
  }
}

/** A process ended before it was ready. Carries the end of its log, because that is where the reason is. */
export class ProcessEndedError extends Error {
  override readonly name = 'ProcessEndedError';
  constructor(
    readonly process: string,
    readonly how: string,
    readonly logFile: string,
    readonly lastLines: readonly string[],
    /** False when it took too long, and when it was told to end. */
    readonly byItself: boolean,
  ) {
    super(`${process} ${how}. The end of ${logFile}:\n${lastLines.map((line) => `    ${line}`).join('\n')}`);
  }
}
