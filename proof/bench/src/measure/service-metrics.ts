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
