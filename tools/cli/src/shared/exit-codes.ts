import { SetupError } from '@backstep/infrastructure';
import { CommanderError, type Command } from 'commander';

/** What a command's exit code says, to scripts. */
export const EXIT = {
  ok: 0,
  /** The doctor found a violation; an order that was waited for was rejected; or something broke that nobody foresaw. */
  failed: 1,
  usage: 2,
  unreachable: 3,
  notFound: 4,
  refused: 5,
  stillPending: 6,
} as const;

/** A failure that a sentence explains better than a stack. */
export class CliError extends Error {
  override readonly name: string = 'CliError';
  /** The gateway's own words for it (RFC 9457), when it told it. */
  readonly problem?: unknown;
  constructor(
    message: string,
    readonly exitCode: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Nothing runs, or it does not answer: there is nothing to ask. */
export class UnreachableError extends CliError {
  override readonly name = 'UnreachableError';
  constructor(message: string, options?: ErrorOptions) {
    super(message, EXIT.unreachable, options);
  }
}

/** The arguments are well-formed and make no sense together, or here. */
export class UsageError extends CliError {
  override readonly name = 'UsageError';
  constructor(message: string) {
    super(message, EXIT.usage);
  }
}

/**
 * What to print on stderr and what to exit with. Commander has told its own errors already.
 * An error nobody foresaw keeps its stack: that is what helps.
 */
export function endingOf(error: unknown): { readonly exitCode: number; readonly tell?: unknown } {
  if (error instanceof CommanderError) return { exitCode: error.exitCode === 0 ? EXIT.ok : EXIT.usage };
  if (error instanceof CliError) return { exitCode: error.exitCode, tell: error.message };
  if (error instanceof SetupError) return { exitCode: EXIT.failed, tell: error.message };
  return { exitCode: EXIT.failed, tell: error };
}

/** The same for programs: one JSON document on stderr. */
export function endingAsJson(error: unknown): { readonly exitCode: number; readonly tell?: unknown } {
  const { exitCode, tell } = endingOf(error);
  if (exitCode === EXIT.ok) return { exitCode };
  const message = error instanceof Error ? error.message : String(error);
  const problem = error instanceof CliError ? error.problem : undefined;
  const unforeseen = tell === error && error instanceof Error ? { stack: error.stack } : {};
  return { exitCode, tell: { error: { message: message.replace(/^error: /, ''), exitCode, problem, ...unforeseen } } };
}

const COMMON: readonly (readonly [number, string])[] = [
  [EXIT.usage, 'the command was misunderstood'],
  [EXIT.unreachable, 'Backstep is not running, or does not answer'],
];

const examplesText = (examples: readonly string[]): string =>
  examples.length === 0 ? '' : `\nExamples:\n${examples.map((example) => `  $ npx backstep ${example}`).join('\n')}\n`;

/** Ends `--help` with examples to paste and the exit codes to test for. */
export function teach(
  command: Command,
  examples: readonly string[],
  codes: readonly (readonly [number, string])[] = [],
): Command {
  const all = [[EXIT.ok, 'ok'] as const, ...codes, ...COMMON].sort(([a], [b]) => a - b);
  const lines = all.map(([code, meaning]) => `  ${code}  ${meaning}`);
  return command.addHelpText('after', `${examplesText(examples)}\nExit codes:\n${lines.join('\n')}`);
}
