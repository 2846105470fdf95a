import { describe, expect, it } from '@jest/globals';
import { PRINCIPALS } from '@backstep/contracts';
import { ROOT } from '@backstep/infrastructure';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Goal: those whom ACLs are made for are those whom Kafka knows under compose.secure.yml. The ACLs themselves stand in one place, in
 * contracts. Method: the file as text; that its containers are these users is compared with the topology in tools/infrastructure.
 */
const file = readFileSync(join(ROOT, 'compose.secure.yml'), 'utf8');

describe('the users of compose.secure.yml', () => {
  it('the users of compose.secure.yml are those with an ACL', () => {
    const known = [...file.matchAll(/^ {6}(\w+)_KAFKA_PASSWORD: /gm)].map(([, user = '']) =>
      user.toLowerCase().replaceAll('_', '-'),
    );
    expect(known.sort()).toEqual([...PRINCIPALS].sort());
  });

  it('compose.secure.yml has no ACL of its own', () => {
    expect(file).not.toMatch(/kafka-acls|\.(events|commands)\b/);
  });
});
