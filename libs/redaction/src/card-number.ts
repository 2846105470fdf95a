/**
 * Card numbers (ISO/IEC 7812): 13 to 19 digits whose last is the Luhn check digit, written whole or in groups. What looks like one is
 * refused at every door, because what is stored once is copied: into messages, logs and backups.
 */
const DIGITS_MIN = 13;
const DIGITS_MAX = 19;

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
/** Groups of digits with at most two characters between them that are neither letters nor digits. */
const GROUPS = /\d+(?:[^\p{L}\p{N}]{1,2}\d+)*/gu;

const PRINTABLE_ASCII = /^[ -~]*$/;

/** Whether a text holds what looks like a card number. */
export function holdsCardNumber(text: string): boolean {
  if (text.length < DIGITS_MIN) return false;
  // Most texts are names and streets: the rest takes ten times as long.
  if (PRINTABLE_ASCII.test(text) && text.replace(/\D/g, '').length < DIGITS_MIN) return false;
  // NFKC: digits of full width are digits. \p{Cf}: characters that nobody sees, such as zero-width spaces.
  const plain = text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(UUID, ' x ');
  for (const [run] of plain.matchAll(GROUPS)) if (groupsHoldOne(run.split(/\D+/))) return true;
  return false;
}

/** A house number may stand before a card number: every sequence of whole groups is tried. */
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
  // No card begins with 0, and with 1 only those of airlines, with 15 digits. Times in milli- and microseconds begin with 1.
  if (digits.startsWith('0') || (digits.startsWith('1') && digits.length !== 15)) return false;
  const sum = [...digits].reverse().reduce((total, digit, at) => total + luhn(Number(digit), at), 0);
  return sum % 10 === 0;
}

const luhn = (digit: number, at: number): number => {
  const weighted = at % 2 === 0 ? digit : digit * 2;
  return weighted > 9 ? weighted - 9 : weighted;
};
