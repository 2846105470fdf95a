import { Argument, Option } from 'commander';
import { idOrItsEnd } from './arguments.js';

/** What an argument's id is of: where a shell finds ids to complete it with. */
export type CompletedBy = 'order' | 'saga' | 'parked message';

const kinds = new WeakMap<Argument | Option, readonly CompletedBy[]>();

export const kindsOf = (of: Argument | Option): readonly CompletedBy[] => kinds.get(of) ?? [];

/** An id, or its end. @param parse reads it; `idOrItsEnd` when left out */
export function idArgument(
  name: string,
  meaning: string,
  of: readonly CompletedBy[],
  parse: (text: string) => string = idOrItsEnd,
): Argument {
  const argument = new Argument(name, meaning).argParser(parse);
  kinds.set(argument, of);
  return argument;
}

export function idOption(flags: string, meaning: string, of: readonly CompletedBy[]): Option {
  const option = new Option(flags, meaning).argParser(idOrItsEnd);
  kinds.set(option, of);
  return option;
}
