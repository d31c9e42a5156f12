// What typing into a field of the form becomes: characters that its kind can not have are left out, dates get their dashes,
// long numbers are echoed in groups so that an eye can compare them. Pure; the host alone says whether a value is right.

const FULL_WIDTH = /[\uff01-\uff5e]/g;

/** Full-width forms become half-width: an input method writes digits either way. */
export function halfWidth(text: string): string {
  return text.replace(FULL_WIDTH, (character) => String.fromCharCode(character.charCodeAt(0) - 0xfee0)).replaceAll('\u3000', ' ');
}

/** Whether a mask groups characters, such as `6-8-4`. */
export function isGrouped(mask: string): boolean {
  return /^\d+(-\d+)+$/.test(mask);
}

/** The text as it may stand in the field. Typed again, it stays as it is. */
export function typed(mask: string, text: string, maxChars: number): string {
  const cut = (value: string) => [...value].slice(0, maxChars).join('');
  if (mask === '' || mask === 'address') return cut(text);
  const half = halfWidth(text);
  if (isGrouped(mask)) return cut(half.replace(/[^0-9A-Za-z]/g, '').toUpperCase());
  switch (mask) {
    case 'date':
      return cut(dated(half.replace(/[^0-9./年月日-]/g, '')));
    case 'datetime':
      return cut(moment(half));
    case 'money':
      return cut(half.replace(/[^0-9.,]/g, ''));
    case 'integer':
      return cut(half.replace(/[^0-9-]/g, ''));
    case 'phone':
      return cut(half.replace(/[^0-9+\- ]/g, ''));
    default:
      return cut(half);
  }
}

/** Eight digits, or parts with any dividing sign, become a day; a beginning of one stays a beginning. */
function dated(text: string): string {
  const whole = /^(\d{4})[./年-](\d{1,2})[./月-](\d{1,2})(日?)$/.exec(text);
  if (whole) return ofParts(whole[1] ?? '', whole[2] ?? '', whole[3] ?? '', whole[4] !== '');
  const run = /^(\d{4})-?(\d{2})(\d{1,2})$/.exec(text);
  if (run) return ofParts(run[1] ?? '', run[2] ?? '', run[3] ?? '', false);
  if (/^\d{5,6}$/.test(text)) return `${text.slice(0, 4)}-${text.slice(4)}`;
  return text.replace(/[./年月]/g, '-').replace('日', '');
}

/** A single digit is a whole day only when no second one can follow it: 1 may become 15. */
function ofParts(year: string, month: string, day: string, ended: boolean): string {
  if (day.length === 1 && !ended && Number(day) <= 3) return `${year}-${month}-${day}`;
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

/** A day and a time; twelve digits are enough. */
function moment(text: string): string {
  const plain = text.replace(/[^0-9./年月日T: -]/gi, '').toUpperCase();
  const digits = /^(\d{8})(\d{1,4})$/.exec(plain);
  if (digits) {
    const clock = digits[2] ?? '';
    return `${dated(digits[1] ?? '')}T${clock.slice(0, 2)}${clock.length > 2 ? `:${clock.slice(2)}` : ''}`;
  }
  const [day = '', ...rest] = plain.split(/[T ]/);
  const clock = rest.join('');
  return plain.length > day.length ? `${day.length >= 8 ? dated(day) : day}T${clock}` : dated(day);
}

/** The value in its groups, for comparing by eye; nothing when it has none. */
export function grouped(mask: string, value: string): string {
  if (mask === 'money') return moneyOf(value);
  if (!isGrouped(mask) || value === '') return '';
  const parts: string[] = [];
  let rest = value;
  for (const length of mask.split('-').map(Number)) {
    if (rest === '') break;
    parts.push(rest.slice(0, length));
    rest = rest.slice(length);
  }
  if (rest !== '') parts.push(rest);
  return parts.join(' ');
}

/** Thousands in an amount; the typed text stays as it is. */
function moneyOf(value: string): string {
  const [yuan = '', cents] = value.replaceAll(',', '').split('.');
  if (yuan.length < 4 || !/^\d+$/.test(yuan)) return '';
  return yuan.replace(/\B(?=(\d{3})+$)/g, ',') + (cents === undefined ? '' : `.${cents}`);
}
