/** Prometheus' text format, of which each sample is one line: a name, labels, a number. */
export function sumOf(text: string, name: string): number {
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

const ANSWER_WITHIN_MS = 5_000;

/** @returns what the service tells of itself; empty when it does not answer in time */
export async function scrape(url: string): Promise<string> {
  try {
    const response = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    return await response.text();
  } catch {
    return '';
  }
}
