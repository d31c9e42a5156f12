// Matching of what was typed against what an act or a place is called, for texts of the window itself.
// Services are searched by the host, which knows their pinyin; here the texts' own words and the English ones are enough.

/** Whether every typed word begins or is contained in one of the names; empty matches all. */
export function matches(typed: string, names: readonly string[]): boolean {
  const words = typed.trim().toLowerCase().split(/\s+/u).filter(Boolean);
  const lower = names.map((name) => name.toLowerCase());
  return words.every((word) => lower.some((name) => name.includes(word) || initials(name).startsWith(word)));
}

/** First letters of the words of a Latin text. */
function initials(name: string): string {
  return name
    .split(/[^a-z0-9]+/u)
    .map((word) => word[0] ?? '')
    .join('');
}
