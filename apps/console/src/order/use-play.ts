import { useEffect, useRef, useState } from 'react';
import { playedTo, type Speed } from '../lanes/playing.js';
import type { Break } from '../lanes/time-scale.js';

interface Options {
  /** The first moment, and the last one. */
  readonly start: number;
  readonly end: number;
  /** The moment that is shown; undefined: the last one. */
  readonly at: number | undefined;
  /** Pauses that are folded are not waited for. */
  readonly pauses: readonly Break[];
  /** Is told where it was stopped; undefined: at the end. */
  readonly stopAt: (at: number | undefined) => void;
}

export interface Play {
  readonly isPlaying: boolean;
  /** The moment that it has come to; undefined while nothing is played. */
  readonly at: number | undefined;
  readonly speed: Speed;
  readonly setSpeed: (speed: Speed) => void;
  readonly toggle: () => void;
}

interface Run {
  readonly from: number;
  readonly since: number;
}

/**
 * Plays what happened, from the moment that is shown, or from the first one. The address has the moment where it was stopped, and none of those
 * before: browsers bound how often a page may change its address.
 */
export function usePlay({ start, end, at, pauses, stopAt }: Options): Play {
  const [run, setRun] = useState<Run>();
  const [playedAt, setPlayedAt] = useState<number>();
  const [speed, setSpeed] = useState<Speed>(1);
  const latest = useRef({ end, pauses, stopAt });
  useEffect(() => {
    latest.current = { end, pauses, stopAt };
  });
  useEffect(() => {
    if (!run) return;
    let frame = requestAnimationFrame(function show() {
      const now = playedTo(run.from, performance.now() - run.since, speed, latest.current.pauses);
      if (now < latest.current.end) {
        setPlayedAt(now);
        frame = requestAnimationFrame(show);
        return;
      }
      setRun(undefined);
      setPlayedAt(undefined);
      latest.current.stopAt(undefined);
    });
    return () => cancelAnimationFrame(frame);
  }, [run, speed]);
  const begin = (from: number): void => {
    setPlayedAt(from);
    setRun({ from, since: performance.now() });
  };
  return {
    isPlaying: run !== undefined,
    at: playedAt,
    speed,
    setSpeed: (next) => {
      setSpeed(next);
      if (run) begin(playedAt ?? run.from);
    },
    toggle: () => {
      if (!run) return begin(at === undefined || at >= end ? start : at);
      setRun(undefined);
      setPlayedAt(undefined);
      stopAt(Math.round(playedAt ?? run.from));
    },
  };
}
