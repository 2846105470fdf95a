import type { OrderMessage } from '../shared/representations.js';
import { plain, type Paint } from '../shared/style.js';
import { printable } from '../shared/safe-text.js';
import { cutToScreen, isTooWide, withShortIds } from '../shared/screen.js';
import { moment, since } from '../shared/time.js';
import { shortData } from './short-data.js';

/** Lines that later ones may refer to. Following everything for days must not fill the memory. */
const REMEMBERED_MAX = 10_000;

interface TimelineOptions {
  readonly paint?: Paint;
  /** Of several orders: each line tells the time of day and which order. Of one: the time since its first message. */
  readonly several?: boolean;
}

/**
 * Messages as lines, one each, written as they come: so columns have fixed widths, and what caused a message is
 * told by its line number.
 */
export class Timeline {
  private readonly numbers = new Map<string, number>();
  private readonly paint: Paint;
  private first: string | undefined;
  private count = 0;

  constructor(private readonly options: TimelineOptions = {}) {
    this.paint = options.paint ?? plain;
  }

  line(message: OrderMessage): string {
    const { headers, topic, partition, offset, key, timestamp, value, unreadable } = message;
    const { paint } = this;
    this.first ??= timestamp;
    const number = this.remember(headers['ce_id']);
    const type = headers['ce_type'] ?? (unreadable ? `(${unreadable.cause})` : '(not a CloudEvent)');
    const command = topic.endsWith('.commands');
    const at = this.options.several ? moment(timestamp) : since(this.first, timestamp).padStart(10);
    const parts = [
      paint('dim', `#${number}`.padStart(4)),
      at,
      paint(command ? 'cyan' : 'bold', printable(type).padEnd(16)),
      printable(headers['ce_source'] ?? '?').padEnd(12),
      paint('dim', `${topic}/${partition}@${offset}`.padEnd(26)),
      ...(this.options.several ? [key ?? ''] : []),
      unreadable ? unreadable.error : shortData(value),
      paint('dim', this.ids(headers)),
    ];
    const whole = printable(parts.join('  ').trimEnd());
    return isTooWide(whole) ? cutToScreen(withShortIds(whole)) : whole;
  }

  private ids({ ce_id: id, ce_causationid: cause }: OrderMessage['headers']): string {
    const because =
      cause === undefined ? '' : ` because of ${this.numbers.has(cause) ? `#${this.numbers.get(cause)}` : cause}`;
    return `${id === undefined ? '' : `id ${id}`}${because}`;
  }

  private remember(id: string | undefined): number {
    this.count += 1;
    if (id === undefined) return this.count;
    // A message that was sent again keeps its first number in the eyes of what it caused.
    if (!this.numbers.has(id)) this.numbers.set(id, this.count);
    if (this.numbers.size > REMEMBERED_MAX) {
      const oldest = this.numbers.keys().next();
      if (!oldest.done) this.numbers.delete(oldest.value);
    }
    return this.count;
  }
}
