import { beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './topology.js';

/**
 * Goal: the bill of materials is CycloneDX, and names all that is installed to run, with its hash, and nothing else.
 * Method: what `npm run sbom` runs, which asks no registry; compared with the lock file. That it follows the JSON schema of CycloneDX 1.5 was
 * tried with @cyclonedx/cyclonedx-library, which found nothing.
 */
interface Component {
  readonly 'bom-ref': string;
  readonly type: string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
}
interface Bill {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly serialNumber: string;
  readonly version: number;
  readonly metadata: { readonly timestamp: string; readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}
interface LockedPackage {
  /** Where it is not that of its folder. */
  readonly name?: string;
  readonly version?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
}

const read = (file: string): unknown => JSON.parse(readFileSync(join(ROOT, file), 'utf8'));
let bill: Bill;

beforeAll(() => {
  execFileSync(process.execPath, ['tools/sbom.mjs'], { cwd: ROOT });
  bill = read('sbom.cdx.json') as Bill;
}, 60_000);

const hexOf = (integrity: string): string => Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex');

describe('the bill of materials', () => {
  it('the bill of materials is a CycloneDX document of an application', () => {
    expect(bill).toMatchObject({
      bomFormat: 'CycloneDX',
      specVersion: expect.stringMatching(/^1\.[5-9]$/),
      version: 1,
    });
    expect(bill.serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(Date.parse(bill.metadata.timestamp)).not.toBeNaN();
    expect(bill.metadata.component).toMatchObject({
      type: 'application',
      purl: expect.stringContaining('pkg:npm/backstep@'),
    });
  });

  it('the bill of materials names each component once, and depends on named ones only', () => {
    const refs = [...bill.components, bill.metadata.component].map((component) => component['bom-ref']);
    expect(refs).toHaveLength(new Set(refs).size);
    const named = new Set(refs);
    const needed = bill.dependencies.flatMap(({ ref, dependsOn = [] }) => [ref, ...dependsOn]);
    expect(needed.filter((ref) => !named.has(ref))).toEqual([]);
  });

  it('the bill of materials has every locked runtime package, and none for building or testing', () => {
    const { packages } = read('package-lock.json') as { packages: Record<string, LockedPackage> };
    const locked = Object.entries(packages)
      .filter(([path, { dev, link }]) => path.includes('node_modules/') && !dev && !link)
      .map(([path, { name, version, integrity = '' }]) => {
        const called = name ?? path.split('node_modules/').at(-1);
        return `${called}@${version} ${hexOf(integrity)}`;
      });
    const listed = bill.components
      .filter(({ purl }) => !purl.startsWith('pkg:npm/%40backstep/'))
      .map(({ purl, version, hashes = [] }) => {
        const name = decodeURIComponent(purl.slice('pkg:npm/'.length).replace(/@[^@]*$/, ''));
        return `${name}@${version} ${hashes.find(({ alg }) => alg === 'SHA-512')?.content}`;
      });
    expect([...new Set(listed)].sort()).toEqual([...new Set(locked)].sort());
  });
});
