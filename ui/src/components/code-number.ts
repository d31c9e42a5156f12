// How long numbers are cut for the eye.

const GROUPS: Record<number, readonly number[]> = { 18: [6, 8, 4], 11: [3, 4, 4] };

/** The groups of a number of 18 (6-8-4) or 11 (3-4-4) characters; anything else stays whole. */
export function groupsOf(value: string): string[] {
  const sizes = /^[0-9A-Za-z*]+$/.test(value) ? GROUPS[value.length] : undefined;
  if (!sizes) return [value];
  let from = 0;
  return sizes.map((size) => value.slice(from, (from += size)));
}
