import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeFiles } from './script.fixture.spec.js';

/**
 * Goal: lint names each write of TypeORM that goes past the version, and nothing else.
 * Method: ESLint itself, with the rule, on a small project; and what the repository's own configuration says of it.
 */
const ROOT = resolve(import.meta.dirname, '../../..');
const ESLINT = join(ROOT, 'node_modules/eslint/bin/eslint.js');

const UNCHECKED = [
  'loaves.save(loaf)',
  'loaves.update({ id: 1 }, { grams: 5 })',
  'loaves.increment({ id: 1 }, "grams", 5)',
  'loaves.softDelete({ id: 1 })',
  'loaves.delete({ id: 1 })',
  'manager.save(loaf)',
  'manager.save([loaf])',
  'manager.save(Loaf, loaf)',
  'manager.update(Loaf, { id: 1 }, { grams: 5 })',
  'manager.increment(Loaf, { id: 1 }, "grams", 5)',
  'manager.getRepository(Loaf).upsert(loaf, ["id"])',
  'manager.transaction((inside) => inside.save(loaf))',
  'loaves.createQueryBuilder().update()',
  'manager.createQueryBuilder().update(Loaf)',
  'manager.createQueryBuilder().delete().from(Loaf)',
  'manager.query("UPDATE loaf SET grams = 5 WHERE id = 1")',
  'manager.query(`WITH w AS (UPDATE "loaf" AS l SET grams = ${loaf.grams} RETURNING 1) SELECT 1`)',
];
const CHECKED = [
  'notes.save(note)',
  'manager.update(Note, { id: 1 }, { text: "" })',
  'loaves.find()',
  'loaves.insert(loaf)',
  'own.save(loaf)',
  'new Set([loaf]).delete(loaf)',
  'manager.createQueryBuilder().update(Note)',
  'manager.query("UPDATE loaf SET grams = 5, version = version + 1 WHERE id = 1")',
  'manager.query("UPDATE note SET text = 1")',
  'manager.query("SELECT 1 FROM loaf FOR NO KEY UPDATE")',
];

const SNIPPET = `
import { Entity, PrimaryColumn, Column, VersionColumn, type EntityManager, type Repository } from 'typeorm';
@Entity('loaf') export class Loaf { @PrimaryColumn() id!: number; @Column() grams!: number; @Column() version!: number }
@Entity('note') export class Note { @PrimaryColumn() id!: number; @Column() text!: string }
declare const loaf: Loaf, note: Note, loaves: Repository<Loaf>, notes: Repository<Note>, manager: EntityManager;
declare const own: { save(loaf: Loaf): void };
`;

const lines = (calls: readonly string[]): string =>
  SNIPPET + calls.map((call) => `export const a${calls.indexOf(call)} = ${call};`).join('\n');

let project: string;
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'backstep-lint-'));
  symlinkSync(join(ROOT, 'node_modules'), join(project, 'node_modules'));
  writeFiles(project, {
    'package.json': { type: 'module' },
    'tsconfig.json': {
      compilerOptions: {
        strict: true,
        target: 'ES2022',
        module: 'NodeNext',
        moduleResolution: 'NodeNext',
        experimentalDecorators: true,
        skipLibCheck: true,
        types: [],
      },
      include: ['*.ts'],
    },
    'eslint.config.mjs': `
      import tseslint from 'typescript-eslint';
      import { checkedWrites } from ${JSON.stringify(pathToFileURL(join(ROOT, 'tools/checked-writes.mjs')).href)};
      export default [{
        files: ['*.ts'],
        languageOptions: { parser: tseslint.parser, parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
        plugins: { backstep: { rules: { 'checked-writes': checkedWrites } } },
        rules: { 'backstep/checked-writes': 'error' },
      }];`,
    'unchecked.ts': lines(UNCHECKED),
    'checked.ts': lines(CHECKED),
  });
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

const run = (cwd: string, ...args: string[]): Promise<string> =>
  new Promise((done, failed) =>
    execFile(process.execPath, [ESLINT, ...args], { cwd, maxBuffer: 64e6 }, (error, stdout, stderr) =>
      stdout === '' ? failed(new Error(stderr || String(error))) : done(stdout),
    ),
  );

interface Linted {
  readonly filePath: string;
  readonly messages: readonly { readonly line: number; readonly message: string }[];
}

describe('checked-writes', () => {
  it('names each write of a versioned entity by TypeORM, and no other', async () => {
    const linted = JSON.parse(await run(project, '--format', 'json', '.')) as Linted[];
    const found = (name: string) => linted.find(({ filePath }) => filePath.endsWith(`/${name}`))?.messages ?? [];
    const first = SNIPPET.split('\n').length;
    expect(found('unchecked.ts').map(({ line }) => UNCHECKED[line - first])).toEqual(UNCHECKED);
    expect(found('unchecked.ts')[0]?.message).toMatch(/save\(\) does not check the version of Loaf/);
    expect(found('unchecked.ts').at(-1)?.message).toMatch(/UPDATE of loaf neither compares nor counts the version/);
    expect(found('checked.ts')).toEqual([]);
  });

  it('leaves SQL alone where it is told to: specs write as other programs do', async () => {
    const { rules } = JSON.parse(
      await run(ROOT, '--print-config', 'libs/unit-of-work/src/unit-of-work.int.spec.ts'),
    ) as { rules: Record<string, unknown[]> };
    expect(rules['backstep/checked-writes']).toEqual([2, { sql: false }]);
  });

  it('is on for every source of the repository, and TypeORM’s own version column is refused', async () => {
    const printed = await run(ROOT, '--print-config', 'libs/unit-of-work/src/batch.ts');
    const { rules } = JSON.parse(printed) as { rules: Record<string, unknown[]> };
    expect(rules['backstep/checked-writes']?.[0]).toBe(2);
    expect(JSON.stringify(rules['@typescript-eslint/no-restricted-imports'])).toContain('VersionColumn');
  });
});
