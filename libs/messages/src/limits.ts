/** The largest value that is sent or accepted, in bytes. A larger one is parked, never handled. */
export const MAX_MESSAGE_BYTES = 256 * 1024;

/** The most that a message's headers may have, names and values, in characters. One that has more is parked, never handled. */
export const MAX_HEADERS_CHARACTERS = 64 * 1024;
