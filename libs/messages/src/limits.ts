/** The largest value that is sent or accepted, in bytes. A message with a larger one is parked, never handled. */
export const MAX_MESSAGE_BYTES = 256 * 1024;

/** The most characters that a message's headers may have, names and values together. A message with more is parked, never handled. */
export const MAX_HEADERS_CHARACTERS = 64 * 1024;
