const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a text is a UUID of any version, in lower or upper case. Who compares ids makes them lower case, as PostgreSQL does. */
export const isUuid = (text: string): boolean => UUID.test(text);
