/** Says which instance applies the entries of a lane. */
export interface LaneOwner {
  /**
   * Runs `work` if nobody does so under this name, in this process or another.
   * @param work ends soon after `lost` is aborted
   * @returns false when somebody does; nothing was run
   */
  alone(name: string, work: (lost: AbortSignal) => Promise<void>): Promise<boolean>;
}

/** Everybody is the owner, all at once. Entries are still applied once and in order, since their rows say so: only with more conflicts. */
export const EVERYBODY: LaneOwner = {
  async alone(_, work) {
    await work(new AbortController().signal);
    return true;
  },
};
