/** Where a process takes messages, as it publishes it with its membership in the consumer group. */
export interface Address {
  /** The public key of the process: see `Identity`. */
  readonly key: string;
  /** The file of its Unix socket. */
  readonly unix?: string | undefined;
  /** `host:port`, where it listens beyond its machine. */
  readonly tcp?: string | undefined;
}

/** What a process with express publishes that takes messages from no other process: whoever looks for an address finds none. */
export const WITHOUT_ADDRESS = '{}';

export const addressText = ({ key, unix, tcp }: Address): string => JSON.stringify({ key, unix, tcp });

/** @returns undefined for what no process of ours has written: its member is one without an address */
export function readAddress(text: string | undefined): Address | undefined {
  if (text === undefined) return undefined;
  try {
    const { key, unix, tcp } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    if (typeof key !== 'string' || !isTextOrAbsent(unix) || !isTextOrAbsent(tcp)) return undefined;
    return { key, unix, tcp };
  } catch {
    return undefined;
  }
}

const isTextOrAbsent = (value: unknown): value is string | undefined =>
  value === undefined || typeof value === 'string';
