import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** The payment service in processes of their own, which can be killed (no spec itself). Kafka and the provider are away. */
const MAIN = new URL('../../../dist/main.js', import.meta.url).pathname;

export interface PaymentProcess {
  readonly url: string;
  /** SIGKILL. Resolves when it is gone. */
  kill(): Promise<void>;
}

/** @throws Error when it ends before it listens */
export async function startPayment(databaseUrl: string): Promise<PaymentProcess> {
  const child = spawn(process.execPath, [MAIN], {
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      METRICS_PORT: '0',
      DATABASE_URL: databaseUrl,
      KAFKA_BROKERS: '127.0.0.1:1',
      STRIPE_API_BASE: 'http://127.0.0.1:1',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const ended = exited.then(([code]) => Promise.reject(new Error(`the payment service exited with ${String(code)}`)));
  ended.catch(() => undefined);
  return {
    url: await Promise.race([listening(child.stdout), ended]),
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function listening(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const { msg, url } = JSON.parse(line) as { msg?: string; url?: string };
    if (msg === 'listening' && url) {
      output.resume();
      return url;
    }
  }
  throw new Error('the payment service never listened');
}
