import { Argument, Option } from 'commander';
import { idOrItsEnd } from './arguments.js';
import type { Kind } from './whose-id.js';

/** What the id of an argument, or of an option's value, may be of: where a shell finds ids to complete it with. */
const kinds = new WeakMap<Argument | Option, readonly Kind[]>();

export const kindsOf = (of: Argument | Option): readonly Kind[] => kinds.get(of) ?? [];

/** An id, or its end. @param parse reads it; `idOrItsEnd` when left out */
export function idArgument(
  name: string,
  meaning: string,
  of: readonly Kind[],
  parse: (text: string) => string = idOrItsEnd,
): Argument {
  const argument = new Argument(name, meaning).argParser(parse);
  kinds.set(argument, of);
  return argument;
}

export function idOption(flags: string, meaning: string, of: readonly Kind[]): Option {
  const option = new Option(flags, meaning).argParser(idOrItsEnd);
  kinds.set(option, of);
  return option;
}
