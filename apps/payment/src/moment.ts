/**
 * PostgreSQL reads the text `now` as the time of the transaction, by its own clock. So dates do not depend on the clock of a
 * process.
 */
export const DATABASE_NOW = 'now';
/** A Date when read. */
export type Moment = Date | typeof DATABASE_NOW;
