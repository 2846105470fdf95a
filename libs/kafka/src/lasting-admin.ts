import type { Admin } from 'kafkajs';
import { createClient } from './client.js';
import { isTransient, unavailable } from './errors.js';
import type { KafkaOptions } from './options.js';

/** One admin connection for many questions. It connects at the first one and stays connected; after a failure the next question connects again. */
export class LastingAdmin {
  private admin: Promise<Admin> | undefined;
  private ended = false;

  constructor(private readonly options: KafkaOptions) {}

  /** @throws KafkaUnavailableError; what `question` throws otherwise */
  async ask<Answer>(question: (admin: Admin) => Promise<Answer>): Promise<Answer> {
    const opened = (this.admin ??= this.connect());
    try {
      return await question(await opened);
    } catch (error) {
      // kafkajs keeps addresses that may be the cause.
      await this.replace(opened);
      throw isTransient(error) ? unavailable(error) : error;
    }
  }

  /** Call it when nobody asks any more. */
  async close(): Promise<void> {
    this.ended = true;
    if (this.admin) await this.replace(this.admin);
  }

  private async connect(): Promise<Admin> {
    const admin = createClient(this.options).admin();
    await admin.connect();
    // A connection that is made while the process ends has nobody to close it.
    if (this.ended) await admin.disconnect();
    return admin;
  }

  /** Of several questions that failed on one connection, the first gives it up. */
  private async replace(failed: Promise<Admin>): Promise<void> {
    if (this.admin === failed) this.admin = undefined;
    await failed.then((admin) => admin.disconnect()).catch(() => undefined);
  }
}
