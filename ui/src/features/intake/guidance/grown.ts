// What an answer added: matters and papers that were not there before it.

/** Keys of `now` that `before` did not have; none on the first look. */
export function grown(before: readonly string[] | null, now: readonly string[]): ReadonlySet<string> {
  return new Set(before === null ? [] : now.filter((key) => !before.includes(key)));
}

/** Numbers that a question of a small range offers as keys; empty when the range is too wide and a field is needed. */
export function numberChoices(min: number | null, max: number | null): readonly number[] {
  if (min === null || max === null || max < min || max - min > 5) return [];
  return Array.from({ length: max - min + 1 }, (_, at) => min + at);
}
