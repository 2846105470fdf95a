import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLUSTER_NAMES } from '@backstep/infrastructure';
import { answerNames, GONE } from '../inside/names.js';

/** The names of three brokers, for this process and for services that load `inside/names.ts`. */
export class Names {
  readonly folder = mkdtempSync(join(tmpdir(), 'backstep-names-'));

  constructor() {
    for (const name of CLUSTER_NAMES) this.known(name);
    answerNames(this.folder);
  }

  known(name: string): void {
    writeFileSync(join(this.folder, name), 'here');
  }

  /** From now on nobody is found under it. */
  gone(name: string): void {
    writeFileSync(join(this.folder, name), GONE);
  }

  /** Its names are no names any more. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
