/**
 * Card numbers (ISO/IEC 7812): 13 to 19 digits, the last of them the Luhn check digit, written whole or in groups. Input that looks like one is
 * refused, because stored input is copied into messages, logs and backups.
 */
const DIGITS_MIN = 13;
const DIGITS_MAX = 19;

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
/** Groups of digits, separated by one or two characters that are neither letters nor digits. */
const GROUPS = /\d+(?:[^\p{L}\p{N}]{1,2}\d+)*/gu;

const PRINTABLE_ASCII = /^[ -~]*$/;

/** Whether a text holds digits that look like a card number. */
export function holdsCardNumber(text: string): boolean {
  if (text.length < DIGITS_MIN) return false;
  // A shortcut for most texts, such as names and streets: the full check takes ten times as long.
  if (PRINTABLE_ASCII.test(text) && text.replace(/\D/g, '').length < DIGITS_MIN) return false;
  // NFKC turns digits of full width into ASCII digits. \p{Cf} are invisible characters, such as zero-width spaces.
  const plain = text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(UUID, ' x ');
  for (const [run] of plain.matchAll(GROUPS)) if (groupsHoldOne(run.split(/\D+/))) return true;
  return false;
}

/** Tries every sequence of whole groups, because a house number may stand before a card number. */
function groupsHoldOne(groups: readonly string[]): boolean {
  for (const start of groups.keys()) {
    let digits = '';
    for (const group of groups.slice(start)) {
      digits += group;
      if (digits.length > DIGITS_MAX) break;
      if (digits.length >= DIGITS_MIN && isCardNumber(digits)) return true;
    }
  }
  return false;
}

function isCardNumber(digits: string): boolean {
  // No card number begins with 0, and only those of airlines with 1 (15 digits). Times in milliseconds and microseconds begin with 1.
  if (digits.startsWith('0') || (digits.startsWith('1') && digits.length !== 15)) return false;
  const sum = [...digits].reverse().reduce((total, digit, at) => total + luhn(Number(digit), at), 0);
  return sum % 10 === 0;
}

const luhn = (digit: number, at: number): number => {
  const weighted = at % 2 === 0 ? digit : digit * 2;
  return weighted > 9 ? weighted - 9 : weighted;
};
