import type { Client } from 'pg';

/** A database and the role of the same name that owns it. */
export interface DatabaseDeclaration {
  readonly name: string;
  readonly password: string;
}

/**
 * Makes each role and database that is missing, sets the passwords, and lets nobody but the owner connect.
 * May run again at any time. Needs a login that may create roles and databases; on a server of one's own, other databases
 * are left as they are.
 * @returns one URL per database, of its own role on the same server.
 */
export async function createDatabases(
  adminUrl: string,
  wanted: readonly DatabaseDeclaration[],
): Promise<Readonly<Record<string, string>>> {
  const admin = await connected(adminUrl);
  try {
    const names = wanted.map(({ name }) => name);
    await createRoles(admin, wanted, names);
    const existing = await namesIn(admin, 'SELECT datname AS name FROM pg_database WHERE datname = ANY($1)', names);
    for (const name of names.filter((name) => !existing.has(name))) {
      // Cannot run in a transaction. Each copies template1, so several at once would only wait for each other.
      await admin.query(`CREATE DATABASE ${admin.escapeIdentifier(name)} OWNER ${admin.escapeIdentifier(name)}`);
    }
    // Every role may connect everywhere unless PUBLIC is told otherwise; the owner keeps the right as owner.
    await admin.query(
      `REVOKE ALL ON DATABASE ${names.map((name) => admin.escapeIdentifier(name)).join(', ')} FROM PUBLIC`,
    );
  } finally {
    await admin.end();
  }
  return Object.fromEntries(wanted.map((database) => [database.name, urlOf(adminUrl, database)]));
}

/** One round trip: the statements of one simple query share a transaction. */
async function createRoles(admin: Client, wanted: readonly DatabaseDeclaration[], names: string[]): Promise<void> {
  const existing = await namesIn(admin, 'SELECT rolname AS name FROM pg_roles WHERE rolname = ANY($1)', names);
  const superuser = await admin.query<{ on: string }>(`SELECT current_setting('is_superuser') AS "on"`);
  const statements = wanted.flatMap(({ name, password }) => {
    const role = admin.escapeIdentifier(name);
    const verb = existing.has(name) ? 'ALTER' : 'CREATE';
    return [
      `${verb} ROLE ${role} LOGIN PASSWORD ${admin.escapeLiteral(password)}`,
      // Only a member may give a database to a role; a superuser is a member of all.
      ...(superuser.rows[0]?.on === 'on' ? [] : [`GRANT ${role} TO CURRENT_USER`]),
    ];
  });
  await admin.query(statements.join(';'));
}

async function namesIn(admin: Client, sql: string, names: readonly string[]): Promise<Set<string>> {
  const { rows } = await admin.query<{ name: string }>(sql, [names]);
  return new Set(rows.map(({ name }) => name));
}

/** On an embedded server, which is all ours, nobody but the superuser has business in the maintenance databases. */
export async function closeMaintenanceDatabases(adminUrl: string): Promise<void> {
  const admin = await connected(adminUrl);
  try {
    await admin.query('REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC');
  } finally {
    await admin.end();
  }
}

function urlOf(adminUrl: string, { name, password }: DatabaseDeclaration): string {
  const url = new URL(adminUrl);
  url.username = name;
  url.password = password;
  url.pathname = `/${name}`;
  return url.href;
}

/** Loaded when it is needed: most commands only ask where things are. */
async function connected(url: string): Promise<Client> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}
