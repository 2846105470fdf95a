import { Argument, InvalidArgumentError, Option } from 'commander';

/** Readers of arguments, for commander: each says what it wants. */

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function uuid(text: string): string {
  if (!UUID.test(text))
    throw new InvalidArgumentError('It must be an id such as 0197a0c2-5b1e-7c3d-9a51-6a2c8f1d7b40.');
  return text.toLowerCase();
}

const SHORT = /^(?:…|\.\.\.)?([0-9a-f]{6,12})$/i;

/** An id, or the end of one as lists show it: `…6a2c8f1d7b40`. `fullId` finds whose it is. */
export function idOrItsEnd(text: string): string {
  const end = SHORT.exec(text)?.[1];
  return end === undefined ? uuid(text) : end.toLowerCase();
}

export const isWholeId = (text: string): boolean => UUID.test(text);

export const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const number = Number(text);
    if (!/^\d+$/.test(text) || number < min || number > max) {
      throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
    }
    return number;
  };

/** One of them, however it is written: `pending` is PENDING. */
export const anyCase =
  (choices: readonly string[]) =>
  (text: string): string => {
    const found = choices.find((choice) => choice.toUpperCase() === text.toUpperCase());
    if (found === undefined) throw new InvalidArgumentError(`Allowed choices are ${choices.join(', ')}.`);
    return found;
  };

export const choiceOption = (flags: string, meaning: string, choices: readonly string[]): Option =>
  new Option(flags, meaning).choices([...choices]).argParser(anyCase(choices));

export const choiceArgument = (name: string, meaning: string, choices: readonly string[]): Argument =>
  new Argument(name, meaning).choices([...choices]).argParser(anyCase(choices));

/** What a page of the API may hold. */
export const pageSize = wholeNumber(1, 100);
