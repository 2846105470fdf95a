import { TEST_CARDS, type TestCard } from '@backstep/contracts/stand-ins';

export type { TestCard };

export const findCard = (name: string): TestCard | undefined =>
  Object.hasOwn(TEST_CARDS, name) ? TEST_CARDS[name] : undefined;
