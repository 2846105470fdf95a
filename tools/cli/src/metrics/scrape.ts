import { SERVICES } from '@backstep/contracts/topology';
import type { RunningEnvironment } from '@backstep/infrastructure';
import { isOfFirst, linesWith } from '../logs/read-logs.js';
import { samplesIn, type Sample } from './samples.js';

/** These are public, and serve their metrics on a port of their own, which their log names. */
const APART = ['gateway', 'payment-provider'] as const;

export const SOURCES: readonly string[] = ['gateway', ...SERVICES, 'payment-provider'];

const ANSWER_WITHIN_MS = 5_000;

/** Where `/metrics` of each is; null where its log does not say. */
export async function metricsUrls(
  { services, gateway, provider }: RunningEnvironment,
  dir: string,
): Promise<Readonly<Record<string, string | null>>> {
  const urls: Record<string, string | null> = {};
  for (const name of SOURCES) urls[name] = services[name] === undefined ? null : `${services[name]}/metrics`;
  const told = await linesWith(dir, ['"path":"/metrics"'], APART.length * 100, isOfFirst);
  for (const name of APART) {
    const port = told.lines.findLast(({ service, msg }) => service === name && msg === 'metrics')?.fields['port'];
    const { hostname } = new URL(name === 'gateway' ? gateway : provider);
    urls[name] = typeof port === 'number' ? `http://${hostname}:${port}/metrics` : null;
  }
  return urls;
}

/** Undefined when it does not answer, or does not answer us. */
export async function scrape(url: string | null): Promise<readonly Sample[] | undefined> {
  if (url === null) return undefined;
  const token = process.env['SERVICE_TOKEN'] || process.env['OPERATOR_TOKEN'];
  try {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      headers: token ? { authorization: `Bearer ${token}` } : {},
    });
    return response.ok ? samplesIn(await response.text()) : undefined;
  } catch {
    return undefined;
  }
}
