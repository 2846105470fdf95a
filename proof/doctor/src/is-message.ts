import { CATALOGUE } from '@backstep/contracts';
import { InvalidMessageError } from '@backstep/messages';

/** What cannot be decoded is a stranger's: its reader parks it or passes it by. */
export function isMessage(wire: Parameters<typeof CATALOGUE.decode>[0]): boolean {
  try {
    CATALOGUE.decode(wire);
    return true;
  } catch (error) {
    if (error instanceof InvalidMessageError) return false;
    throw error;
  }
}
