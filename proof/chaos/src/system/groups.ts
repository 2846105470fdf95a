import { within } from '../waiting.js';
import { array, ask, text } from './wire.js';

/** A group whose members were killed has them until their session times out, which is 6 s; then the coordinator must be loaded. */
const FORGOTTEN_WITHIN_MS = 30_000;
const DELETE_GROUPS = 42;
const NONE = 0;
const GROUP_ID_NOT_FOUND = 69;

/**
 * Makes Kafka forget consumer groups, so that they begin at offset zero again. Their members must be gone.
 * @returns the groups that are still known when the time is over.
 */
export async function forgetGroups(broker: string, groups: readonly string[]): Promise<readonly string[]> {
  let left = groups;
  await within(FORGOTTEN_WITHIN_MS, async () => {
    const refused = await deleteGroups(broker, left);
    left = left.filter((group) => refused.includes(group));
    return left.length === 0;
  });
  return left;
}

/** @returns the groups that were not deleted. */
async function deleteGroups(broker: string, groups: readonly string[]): Promise<string[]> {
  const answer = await ask(broker, DELETE_GROUPS, 0, array(groups.map(text)));
  // Throttle time; then how many, and each one's name and error.
  const count = answer.readInt32BE(4);
  const refused: string[] = [];
  for (let index = 0, at = 8; index < count; index++) {
    const end = at + 2 + answer.readInt16BE(at);
    const error = answer.readInt16BE(end);
    if (error !== NONE && error !== GROUP_ID_NOT_FOUND) refused.push(answer.toString('utf8', at + 2, end));
    at = end + 2;
  }
  return refused;
}
