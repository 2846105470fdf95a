import { execFileSync } from 'node:child_process';
import { accessSync, chownSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { SetupError } from './errors.js';

/** PostgreSQL refuses to run as root. Root starts it as this account, made when missing, as the distributions name it. */
const ACCOUNT = 'postgres';

/** How to start a PostgreSQL program: as ourselves, or, for root, as the account above. */
export interface PostgresAccount {
  /** Who must own the files. Undefined: ourselves. */
  readonly owner?: { readonly uid: number; readonly gid: number };
  /** What the programs are spawned with. */
  readonly spawnAs: { readonly uid?: number; readonly gid?: number };
  /** Programs and arguments that come before PostgreSQL's own. */
  readonly prefix: readonly string[];
}

/**
 * The folder that holds the data folder is closed to others: for root it is given to the account, so that PostgreSQL can go through it
 * without a capability. Root enters anyway.
 * @throws SetupError when root cannot hand over to another account
 */
export function handOver(folder: string): void {
  const owner = ownerForRoot();
  if (owner) chownSync(folder, owner.uid, owner.gid);
}

/**
 * Finds the account PostgreSQL's programs run under.
 * @param paths what the account must be able to reach: the programs and the data folder.
 * @throws SetupError when root cannot hand over to another account, saying what to do.
 */
export function postgresAccount(paths: readonly string[]): PostgresAccount {
  const owner = ownerForRoot();
  if (!owner) return { spawnAs: {}, prefix: [] };
  const { uid, gid } = owner;
  const closed = paths.map((path) => firstClosed(path, uid, gid)).find((folder) => folder !== undefined);
  if (closed === undefined) return { owner, spawnAs: owner, prefix: [] };
  return { owner, spawnAs: {}, prefix: throughClosedFolders(uid, gid, closed) };
}

/** The account's numbers; undefined for everybody but root, who runs PostgreSQL as themselves. */
function ownerForRoot(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const uid = id('-u') ?? (createAccount(), id('-u'));
  const gid = id('-g');
  if (uid !== undefined && gid !== undefined) return { uid, gid };
  throw new SetupError(
    `PostgreSQL does not run as root: create an account named ${ACCOUNT}, or run this as another user.`,
  );
}

function id(flag: '-u' | '-g'): number | undefined {
  try {
    return Number(execFileSync('id', [flag, ACCOUNT], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  } catch {
    return undefined;
  }
}

function createAccount(): void {
  try {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', ACCOUNT], { stdio: 'pipe' });
  } catch (cause) {
    const message = `PostgreSQL does not run as root and the account ${ACCOUNT} could not be made: run this as another user.`;
    throw Object.assign(new SetupError(message), { cause });
  }
}

/** The first folder above `path` that the account may not enter. */
function firstClosed(path: string, uid: number, gid: number): string | undefined {
  const folder = dirname(path);
  const above = folder === path ? undefined : firstClosed(folder, uid, gid);
  if (above !== undefined) return above;
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (!stat) return undefined;
  const bit = stat.uid === uid ? 0o100 : stat.gid === gid ? 0o010 : 0o001;
  return stat.mode & bit ? undefined : folder;
}

const SETPRIV = '/usr/bin/setpriv';

/**
 * A clone under /root is where the account may not go. It keeps the one capability that lets it: nothing is moved or
 * opened to others. The shell is there because setpriv itself looks its program up without the capability;
 * `no_setuid_fixup` because initdb asks access(2), which otherwise looks away from capabilities.
 */
function throughClosedFolders(uid: number, gid: number, folder: string): string[] {
  try {
    accessSync(SETPRIV, constants.X_OK);
  } catch (cause) {
    const message = `PostgreSQL does not run as root, and its account ${ACCOUNT} may not enter ${folder}: clone to a folder it can enter, such as /srv.`;
    throw Object.assign(new SetupError(message), { cause });
  }
  const caps = '-all,+dac_override';
  const privileges = [
    `--inh-caps=${caps}`,
    `--ambient-caps=${caps}`,
    '--securebits=+no_setuid_fixup',
    '--clear-groups',
  ];
  return [SETPRIV, `--reuid=${uid}`, `--regid=${gid}`, ...privileges, '/bin/sh', '-c', 'exec "$0" "$@"'];
}
