import { ProblemError } from '../api/read.js';
import type { ParkedSummary, ParkedOperation } from '../api/types.js';

/** What was answered for one of several messages. */
export interface Tried {
  readonly message: ParkedSummary;
  readonly answer?: ParkedOperation;
  /** The same request had been done before. */
  readonly replayed?: boolean;
  readonly error?: ProblemError;
}

interface Answered {
  readonly body: ParkedOperation;
  readonly replayed: boolean;
}

/** One request after the other, an answer for each: that one is refused says nothing of the others. @throws what is no problem of the gateway's */
export async function inTurn(
  messages: readonly ParkedSummary[],
  ask: (message: ParkedSummary) => Promise<Answered>,
): Promise<readonly Tried[]> {
  const tried: Tried[] = [];
  for (const message of messages) {
    try {
      const { body: answer, replayed } = await ask(message);
      tried.push({ message, answer, replayed });
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      tried.push({ message, error });
    }
  }
  return tried;
}

/** Those that an action may be asked for after its dry run: it was answered, and would not fail again. */
export const possible = (tried: readonly Tried[]): readonly ParkedSummary[] =>
  tried.flatMap(({ message, answer }) => (answer && !answer.failure ? [message] : []));

/** Nobody knows what became of it: the same request, with the same key, finds out. */
export const isUnknown = ({ error }: Tried): boolean =>
  error !== undefined && (error.status === 0 || error.status >= 500);
