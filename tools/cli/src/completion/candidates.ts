import type { Argument, Command, Option } from 'commander';
import { kindsOf } from '../shared/completes.js';
import type { Kind } from '../shared/whose-id.js';

/** A word that may stand where the cursor is. */
export interface Candidate {
  readonly word: string;
  readonly about: string;
}

export interface Surroundings {
  readonly names: readonly string[];
  /** The program with this one command. */
  program(name: string): Promise<Command>;
  /** Some ids that there are; none where they cannot be asked for. */
  ids(of: readonly Kind[]): Promise<readonly Candidate[]>;
}

/** What a walk along the words has come to. */
interface CompletionContext {
  readonly command: Command;
  /** Arguments given before the cursor. */
  readonly given: number;
  /** The option whose value is wanted. */
  readonly option: Option | undefined;
}

/** @param words all after the program's name, the last one being that at the cursor, as far as it is typed */
export async function candidatesFor(words: readonly string[], around: Surroundings): Promise<readonly Candidate[]> {
  const { before, current } = partsOf(words);
  const [name] = before;
  if (name === undefined)
    return fitting(
      current,
      around.names.map((word) => ({ word, about: '' })),
    );
  if (!around.names.includes(name)) return [];
  const command = (await around.program(name)).commands.find((one) => one.name() === name);
  if (!command) return [];
  const place = walk(command, before.slice(1));
  if (place.option) return fitting(current, await valuesOf(place.option, place.option.argChoices, around));
  if (current.startsWith('-')) return fitting(current, optionsOf(place.command));
  const argument = argumentAt(place);
  const subcommands = place.given > 0 ? [] : visibleCommands(place.command);
  return fitting(current, [...subcommands, ...(argument ? await valuesOf(argument, argument.argChoices, around) : [])]);
}

/** Shells give `--state=STUCK` as it is, or in three words. */
function partsOf(words: readonly string[]): { readonly before: readonly string[]; readonly current: string } {
  const apart = words.flatMap((word) => {
    const [, option, value] = /^(--[\w-]+)=(.*)$/s.exec(word) ?? [];
    return option === undefined ? [word] : [option, value ?? ''];
  });
  const last = apart.at(-1) ?? '';
  return { before: apart.slice(0, -1).filter((word) => word !== '='), current: last === '=' ? '' : last };
}

function walk(start: Command, words: readonly string[]): CompletionContext {
  let command = start;
  let given = 0;
  let option: Option | undefined;
  for (const word of words) {
    if (option) {
      option = undefined;
      continue;
    }
    const named = word.startsWith('-')
      ? command.options.find(({ long, short }) => word === long || word === short)
      : undefined;
    if (named) option = named.required || named.optional ? named : undefined;
    else if (!word.startsWith('-')) {
      const subcommand = given === 0 ? command.commands.find((one) => one.name() === word) : undefined;
      command = subcommand ?? command;
      given = subcommand ? 0 : given + 1;
    }
  }
  return { command, given, option };
}

function argumentAt({ command, given }: CompletionContext): Argument | undefined {
  const { registeredArguments } = command;
  const last = registeredArguments.at(-1);
  return registeredArguments[given] ?? (last?.variadic ? last : undefined);
}

const visibleCommands = (command: Command): Candidate[] =>
  command
    .createHelp()
    .visibleCommands(command)
    .map((one) => ({ word: one.name(), about: one.description().split('\n', 1)[0] ?? '' }));

const optionsOf = (command: Command): Candidate[] =>
  command
    .createHelp()
    .visibleOptions(command)
    .map(({ long, short, description }) => ({ word: long ?? short ?? '', about: description }));

async function valuesOf(
  of: Argument | Option,
  choices: readonly string[] | undefined,
  around: Surroundings,
): Promise<readonly Candidate[]> {
  if (choices) return choices.map((word) => ({ word, about: '' }));
  const kinds = kindsOf(of);
  return kinds.length > 0 ? around.ids(kinds) : [];
}

/** Choices are read in any case: they are completed so too. */
const fitting = (current: string, candidates: readonly Candidate[]): readonly Candidate[] =>
  candidates.filter(({ word }) => word.toLowerCase().startsWith(current.toLowerCase()));
