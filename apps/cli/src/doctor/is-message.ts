import { decode, InvalidMessageError } from '@backstep/contracts';

/** What cannot be decoded is a stranger's: its reader parks it or passes it by. */
export function isMessage(wire: Parameters<typeof decode>[0]): boolean {
  try {
    decode(wire);
    return true;
  } catch (error) {
    if (error instanceof InvalidMessageError) return false;
    throw error;
  }
}
