/**
 * Bounds of the memory that a stranger's batches may take. A broker takes batches of 1 MB (`message.max.bytes`), and a fetch brings at most
 * 10 MB. But the sender chooses what they open to: 100 KB of gzip may be 100 MB of one letter.
 */

/** Bytes of one batch's records when opened: sixteen times what a broker takes compressed. JSON compresses to a fifth or a tenth. */
export const OPENED_BATCH_MAX_BYTES = 16 * 1024 * 1024;

/** Records of one batch. 1 MB holds some 2,000 messages of ours. An empty record takes eight bytes. */
export const BATCH_MAX_RECORDS = 100_000;

/**
 * Bytes that the records of one answer take, over all its partitions. The batch that reaches this bound is still opened. With 20 partitions
 * that each begin with a batch of 16 MB, one answer holds 48 MB and not 320 MB. Batches that are left out are fetched again.
 */
export const OPENED_ANSWER_MAX_BYTES = 32 * 1024 * 1024;

/** Bytes that a record takes in memory beside its content. */
export const RECORD_OVERHEAD_BYTES = 200;

/** Bytes of one record: what a broker takes uncompressed. */
export const RECORD_MAX_BYTES = 1024 * 1024;

/** Headers of one record, and their bytes. A message of ours has 13 headers of 600 bytes. */
export const HEADERS_MAX = 128;
export const HEADERS_MAX_BYTES = 64 * 1024;

/** Bytes that are kept of the value of a record that is too large, for the operator who looks at the parked message. */
export const KEPT_BYTES = 4 * 1024;
