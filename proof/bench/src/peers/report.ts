import type { Machine } from '../measure/machine.js';
import { fiveDigits } from '../result.js';
import type { Figures } from './measure/figures.js';

/** One phase of one system, once. */
export interface Cell {
  readonly system: string;
  /** Counts from 1. */
  readonly round: number;
  readonly phase: string;
  readonly figures: Figures;
}

export interface DescribedSystem {
  readonly name: string;
  readonly title: string;
  readonly ours: boolean;
  readonly version: string;
}

/** What `--json` writes. */
export interface PeersReport {
  readonly machine: Machine;
  /** `2026-11-28`. */
  readonly date: string;
  /** Measured, of each phase. */
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly rounds: number;
  /** Those that were measured. */
  readonly systems: readonly DescribedSystem[];
  /** By title, why it was not measured. */
  readonly absent: Readonly<Record<string, string>>;
  readonly cells: readonly Cell[];
  /** What makes the run worthless; empty when nothing does. */
  readonly faults: readonly string[];
}

/** A line for each cell; five digits. */
export function reportText({ cells, ...rest }: PeersReport): string {
  const json = (value: unknown): string => JSON.stringify(value, fiveDigits);
  const head = Object.entries(rest).map(([name, value]) => `${JSON.stringify(name)}: ${json(value)}`);
  return `{\n${[...head, `"cells": [\n${cells.map(json).join(',\n')}\n]`].join(',\n')}\n}\n`;
}

/** What is wrong with a cell, a line each. */
export function faultsOf({ system, round, phase, figures }: Cell): string[] {
  const where = `${system}, round ${round}, ${phase}`;
  return [
    ...(figures.refused === 0 ? [] : [`${where}: ${figures.refused} orders were refused`]),
    ...(figures.unfinished === 0 ? [] : [`${where}: ${figures.unfinished} orders were accepted and have not ended`]),
  ];
}
