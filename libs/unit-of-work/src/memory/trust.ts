/** Most batches that read before memory is tried again. The number doubles with each wrong assumption; a right one sets it back. */
const DISTRUST_MAX = 64;

/**
 * Says whether a batch may take rows from memory. Where memory is often wrong (requests that come twice, another instance that writes the
 * same rows), a refused write costs more than the reads that memory saves.
 */
export class Trust {
  private distrust = 0;
  private readings = 0;

  /** Call once a batch: each call that returns false is one batch that reads. */
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
