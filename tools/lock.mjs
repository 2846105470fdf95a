/**
 * One at a time over processes: two `npm run` in a fresh clone would install and build into each other's hands.
 * Uses nothing but Node, because in a bare clone there is nothing else.
 */
import { randomUUID } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const LOOK_EVERY_MS = 200;
/** A packages' install and a first build take two minutes on two cores; a slow line may take several times as long. */
export const LOCK_WITHIN_MS = 15 * 60_000;

/**
 * Runs `work` while no other process holds the lock. What a killed holder has left is taken over: the file names the process and when it
 * began, so a reused pid is not taken for it.
 * @param path the lock file; its folder is made when missing
 * @param tell gets one line when another process has to be waited for
 * @throws Error when the lock is not free within `withinMs`
 */
export async function withLock(path, work, { withinMs = LOCK_WITHIN_MS, tell = console.log } = {}) {
  const release = await acquire(path, withinMs, tell);
  try {
    return await work();
  } finally {
    release();
  }
}

async function acquire(path, withinMs, tell) {
  mkdirSync(dirname(path), { recursive: true });
  const id = randomUUID();
  const mine = `${path}.${id}.wants`;
  writeFileSync(mine, JSON.stringify({ id, pid: process.pid, began: beganOf(process.pid) }));
  const until = Date.now() + withinMs;
  let told = false;
  try {
    for (;;) {
      if (linked(mine, path)) return () => rmSync(path, { force: true });
      const holder = holderOf(path);
      if (holder && !lives(holder)) {
        await takeAway(path, holder, withinMs, tell);
        continue;
      }
      if (Date.now() > until) throw new Error(timedOut(path, holder, withinMs));
      if (holder && !told) tell(`  … waiting for process ${holder.pid}, which installs or builds here`);
      told ||= holder !== undefined;
      await delay(LOOK_EVERY_MS);
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

const timedOut = (path, holder, withinMs) =>
  `${path} is held by process ${holder?.pid ?? '?'} for more than ${withinMs / 1_000} s: end that, or remove the file.`;

/** A hard link is made whole or not at all, so nobody ever reads half a lock. @returns whether the lock is ours now */
function linked(from, path) {
  try {
    linkSync(from, path);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Undefined when nobody holds it, also when it went while it was read. */
function holderOf(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    // Not one of ours: nobody who lives wrote it.
    if (error instanceof SyntaxError) return { id: undefined, pid: 0 };
    throw error;
  }
}

/**
 * Removes a dead holder's lock. Several may see the same dead holder, and one of them may hold the lock anew before another is here: so
 * who removes it holds a lock on this very removal. Nobody else removes a dead one's lock, so it still is what was looked at.
 */
async function takeAway(path, dead, withinMs, tell) {
  const release = await acquire(`${path}.${dead.id ?? 'unreadable'}`, withinMs, tell);
  try {
    const now = holderOf(path);
    if (now && now.id === dead.id) rmSync(path, { force: true });
  } finally {
    release();
  }
}

const lives = ({ pid, began }) => pid > 0 && beganOf(pid) === began && isThere(pid);

function isThere(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is one all the same.
    return error.code === 'EPERM';
  }
}

/** When the process began, as the system says it; compared for equality only. Undefined where nothing can be told. */
function beganOf(pid) {
  try {
    if (process.platform === 'win32') return undefined;
    if (process.platform !== 'linux') {
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    }
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
