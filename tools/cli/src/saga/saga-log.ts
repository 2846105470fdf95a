import { printable } from '../shared/safe-text.js';
import { wrapToScreen } from '../shared/screen.js';
import { plain, type Paint } from '../shared/style.js';
import { since } from '../shared/time.js';
import { journalOf } from './evidence-timeline.js';
import type { OperableSaga } from './operable-saga.js';
import { sagaState } from './saga-timeline.js';

const AT_COLUMNS = 12;

/** A saga that is followed, as lines that are written as they come: each thing that its journal says, once, and each state it comes to. */
export class SagaLog {
  private readonly told = new Set<string>();
  private state = '';

  constructor(private readonly paint: Paint = plain) {}

  /** What is new since it was told last. */
  lines(saga: OperableSaga): readonly string[] {
    const lines = journalOf(saga)
      .sort((a, b) => a.at - b.at)
      .map(({ at, what, detail }) => this.line(since(saga.createdAt, at), [what, this.paint('dim', detail)]))
      .filter((line) => !this.told.has(line) && this.told.add(line));
    const state = sagaState(saga, this.paint);
    if (state === this.state) return lines;
    this.state = state;
    return [...lines, this.line(since(saga.createdAt, saga.updatedAt), [state])];
  }

  private line(at: string, parts: readonly string[]): string {
    const text = printable(`${at.padStart(AT_COLUMNS)}  ${parts.filter(Boolean).join('  ')}`);
    return wrapToScreen(text, AT_COLUMNS + 2 - (AT_COLUMNS - at.length));
  }
}
