/** `1 message`, `2 messages`: a number and what there are so many of. */
export const count = (number: number, one: string, several = `${one}s`): string =>
  `${number} ${number === 1 ? one : several}`;
