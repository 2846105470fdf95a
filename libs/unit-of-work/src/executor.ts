import type { Executor } from '@backstep/concurrency';
import type { ClientBase, Pool } from 'pg';

/** Distinct statement texts that are prepared on a connection. There are a few dozen; beyond the bound they go unprepared. */
const PREPARED_MAX = 300;

const names = new Map<string, string>();

function nameOf(text: string): string | undefined {
  let name = names.get(text);
  if (name === undefined && names.size < PREPARED_MAX) names.set(text, (name = `backstep_${names.size}`));
  return name;
}

/** Runs statements as prepared ones: parsed and planned once a connection. */
export function preparedExecutor(client: Pool | ClientBase): Executor {
  return {
    query: (text, values) => {
      const name = nameOf(text);
      return client.query<Record<string, unknown>>(name === undefined ? { text, values } : { name, text, values });
    },
  };
}
