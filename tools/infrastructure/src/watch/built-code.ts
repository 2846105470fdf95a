import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PROCESS_NAMES, processOf, ROOT, type ProcessName } from '../topology.js';

/** `apps/order`, where the process's main file lies in `apps/order/dist`. */
export const folderOf = (process: ProcessName): string => dirname(dirname(processOf(process).main));

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** The built code of each process: its own and that of every package of ours that it imports, directly or not. */
export class BuiltCode {
  private readonly packages = new Map<string, { readonly folder: string; readonly imports: readonly string[] }>();
  private known: ReadonlyMap<ProcessName, string>;

  constructor(private readonly root = ROOT) {
    for (const room of ['libs', 'apps']) {
      for (const name of readdirSync(join(root, room))) {
        const folder = `${room}/${name}`;
        const manifest = this.manifestOf(folder);
        if (manifest) this.packages.set(manifest.name, { folder, imports: Object.keys(manifest.dependencies ?? {}) });
      }
    }
    this.known = this.read();
  }

  /** @returns the processes whose code is not what it was at the last call, or when this was made. */
  changed(): ProcessName[] {
    const before = this.known;
    this.known = this.read();
    return PROCESS_NAMES.filter((name) => before.get(name) !== this.known.get(name));
  }

  private read(): ReadonlyMap<ProcessName, string> {
    const hashes = new Map([...this.packages.values()].map(({ folder }) => [folder, this.hashOf(folder)] as const));
    return new Map(
      PROCESS_NAMES.map((name) => [
        name,
        this.closureOf(folderOf(name))
          .map((folder) => hashes.get(folder))
          .join(),
      ]),
    );
  }

  private closureOf(folder: string, seen = new Set<string>()): string[] {
    if (!seen.has(folder)) {
      seen.add(folder);
      const imports = [...this.packages.values()].find((one) => one.folder === folder)?.imports ?? [];
      for (const name of imports) {
        const imported = this.packages.get(name);
        if (imported) this.closureOf(imported.folder, seen);
      }
    }
    return [...seen];
  }

  /** By content: a build touches files that it leaves as they are. */
  private hashOf(folder: string): string {
    const hash = createHash('sha256');
    const dist = join(this.root, folder, 'dist');
    try {
      for (const path of readdirSync(dist, { recursive: true, encoding: 'utf8' }).sort()) {
        if (path.endsWith('.js')) hash.update(path).update(readFileSync(join(dist, path)));
      }
    } catch (error) {
      // Nx takes `dist` away for a moment when it puts back what its cache has.
      if (!isMissing(error)) throw error;
    }
    return hash.digest('hex');
  }

  private manifestOf(folder: string): Manifest | undefined {
    try {
      return JSON.parse(readFileSync(join(this.root, folder, 'package.json'), 'utf8')) as Manifest;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }
}

const isMissing = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR'].includes(String((error as NodeJS.ErrnoException).code));
