/** After a batch that was refused, so many batches read again; twice as many after the next one, until a batch was right. */
const DISTRUST_MAX = 64;

/**
 * Whether a batch shall do without reading. Where memory is often wrong (requests that come twice, another instance that writes the same
 * rows) trying costs more than it saves.
 */
export class Trust {
  private distrust = 0;
  private readings = 0;

  /** Asked once a batch. */
  isGiven(): boolean {
    if (this.readings === 0) return true;
    this.readings--;
    return false;
  }

  wasRight(): void {
    this.distrust = 0;
  }

  wasWrong(): void {
    this.distrust = Math.min(DISTRUST_MAX, Math.max(1, 2 * this.distrust));
    this.readings = this.distrust;
  }
}
