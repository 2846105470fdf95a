import { existsSync, readFileSync } from 'node:fs';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, Lifecycle } from '@backstep/service';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyRequest } from 'fastify';
import type { ProviderConfig } from '../config.js';
import { failing, unavailable } from './stripe-error.js';

/** What the file says: `{"ailment": "silent", "until": 1764350000000}`. Its end is in it, so that nothing ails for ever. */
interface Written {
  readonly ailment: 'silent' | 'error';
  /** Ms since 1970. */
  readonly until: number;
}

/** How often a request that gets no answer looks whether it may go on. */
const LOOKS_EVERY_MS = 100;

/**
 * While PROVIDER_AILMENT_FILE says so, the provider fails before it does anything: it answers 500, or nothing until it is well again. For faults
 * that a person makes, and for tests.
 */
@Injectable()
export class AilmentGuard implements CanActivate {
  constructor(
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'PROVIDER_AILMENT_FILE'>,
    @Inject(Lifecycle) private readonly lifecycle: Pick<Lifecycle, 'draining'>,
  ) {}

  /** @throws StripeError 500, or 503 when nobody waits for the answer any more */
  async canActivate(context: ExecutionContext): Promise<true> {
    const { PROVIDER_AILMENT_FILE: file } = this.config;
    if (file === '') return true;
    const { raw } = context.switchToHttp().getRequest<FastifyRequest>();
    for (;;) {
      const ailment = ailmentIn(file, Date.now());
      if (ailment === undefined) return true;
      if (ailment === 'error') throw failing();
      // Nothing is charged for a client that has hung up: who asks again would be charged a second time without a key.
      if (raw.socket.destroyed || this.lifecycle.draining.aborted) throw unavailable();
      await delay(LOOKS_EVERY_MS);
    }
  }
}

/** @returns undefined for a file that is not there, is over, or says nothing that is understood */
function ailmentIn(file: string, now: number): Written['ailment'] | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const { ailment, until } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Written>;
    const isKnown = ailment === 'silent' || ailment === 'error';
    return isKnown && typeof until === 'number' && now < until ? ailment : undefined;
  } catch {
    return undefined;
  }
}
