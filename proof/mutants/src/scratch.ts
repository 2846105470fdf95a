import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import type { Edit } from './mutant.js';

export const ROOT = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

/** What is copied: all projects with what is built of them. */
const PROJECTS = ['apps', 'libs', 'proof', 'tools'];
const FILES = ['package.json', 'tsconfig.base.json', 'jest.config.mjs'];
const OURS = '@backstep';

/** An edit that does not fit its file: the source has moved on, or the mutant is misspelt. */
export class MisfitError extends Error {
  override readonly name = 'MisfitError';
}

/** @throws MisfitError unless `find` occurs exactly once and `replace` is something else */
export function applyEdit(source: string, { file, find, replace }: Edit): string {
  const occurrences = source.split(find).length - 1;
  if (occurrences !== 1) throw new MisfitError(`${file} has ${occurrences} times, not once: ${find}`);
  if (find === replace) throw new MisfitError(`${file} is not changed by: ${find}`);
  return source.replace(find, () => replace);
}

/**
 * A copy of the built repository in a folder of its own, whose packages find each other there, and everything else where it is
 * installed: Node finds a package by its link, so the links to ours lead into the copy.
 */
export class Scratch {
  private readonly options: ts.CompilerOptions;

  private constructor(readonly dir: string) {
    const { config } = ts.readConfigFile(join(dir, 'tsconfig.base.json'), (path) => readFileSync(path, 'utf8')) as {
      config: { compilerOptions: object };
    };
    this.options = {
      ...ts.convertCompilerOptionsFromJson(config.compilerOptions, dir).options,
      // One file alone does not show that its package is one of ES modules.
      module: ts.ModuleKind.ESNext,
      sourceMap: false,
      declaration: false,
      declarationMap: false,
      composite: false,
    };
  }

  static make(): Scratch {
    const dir = mkdtempSync(join(tmpdir(), 'backstep-mutants-'));
    for (const name of [...PROJECTS, ...FILES]) {
      cpSync(join(ROOT, name), join(dir, name), {
        recursive: true,
        filter: (path) => basename(path) !== 'node_modules',
      });
    }
    linkPackages(dir);
    return new Scratch(dir);
  }

  /** Applies the edits and compiles what they change; type errors do not matter. @throws MisfitError and changes nothing */
  mutate(edits: readonly Edit[]): void {
    const changed = new Map<string, string>();
    for (const edit of edits) {
      changed.set(edit.file, applyEdit(changed.get(edit.file) ?? this.source(edit.file), edit));
    }
    for (const [file, text] of changed) this.compile(file, text);
  }

  /** Compiles the files as they are. The baseline runs them so, too: what is caught is then not the way they are compiled. */
  restore(files: Iterable<string>): void {
    for (const file of files) this.compile(file, this.source(file));
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }

  private source(file: string): string {
    return readFileSync(join(ROOT, file), 'utf8');
  }

  /** Specs run from sources, everything else from what is built of them. */
  private compile(file: string, text: string): void {
    writeFileSync(join(this.dir, file), text);
    const { outputText } = ts.transpileModule(text, { compilerOptions: this.options, fileName: file });
    const built = join(this.dir, file.replace('/src/', '/dist/').replace(/\.ts$/, '.js'));
    // The console's own build bundles its files, and has no folder for each.
    mkdirSync(dirname(built), { recursive: true });
    writeFileSync(built, outputText);
  }
}

function linkPackages(dir: string): void {
  const [from, to] = [join(ROOT, 'node_modules'), join(dir, 'node_modules')];
  mkdirSync(join(to, OURS), { recursive: true });
  for (const name of readdirSync(from)) if (name !== OURS) symlinkSync(join(from, name), join(to, name));
  // Relative, as npm makes them: the same text leads into the copy.
  for (const name of readdirSync(join(from, OURS))) {
    symlinkSync(readlinkSync(join(from, OURS, name)), join(to, OURS, name));
  }
  for (const project of PROJECTS.flatMap((folder) => [folder, ...subfolders(folder)])) {
    const own = join(ROOT, project, 'node_modules');
    if (existsSync(own)) symlinkSync(own, join(dir, project, 'node_modules'));
  }
}

const subfolders = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name));
