/** One name, taken once: by its holder token no other acquisition can be mistaken for it. */
export interface Lease {
  readonly name: string;
  /** A UUID of this acquisition alone. */
  readonly holder: string;
  /**
   * The fencing token: higher than that of every earlier acquisition of the name. For stores outside of this database, which compare numbers.
   * undefined: it was taken by a batch's own write, which does not tell.
   */
  readonly epoch: number | undefined;
}
