export const KB = 1_024;
export const MB = KB * KB;
