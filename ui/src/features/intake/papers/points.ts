// What is still to settle on the papers, in the order in which F8 walks it; and how pages group into a strip. Pure.

import type { CaseView, FindingView, PageView, ReadingView } from '../../../host/desk';

/** One point to settle: a finding, a page filed by guess, or a value read, not proven and not yet compared with the paper. */
export interface Point {
  id: string;
  finding: FindingView | null;
  material: string | null;
  pageId: string | null;
  field: string | null;
}

/** All open points: findings first as the host sorts them, then guesses, then values to compare. Notes, what was let pass and values that
    prove themselves are not points. */
export function pointsOf(view: CaseView): Point[] {
  const points: Point[] = view.findings
    .filter((finding) => finding.severity !== 'note' && !finding.overridden)
    .map((finding) => ({ id: `finding ${finding.id}`, finding, material: finding.material, pageId: finding.page_id, field: finding.field }));
  for (const page of view.pages) {
    if (page.removed || page.guess_percent === null) continue;
    points.push({ id: `guess ${page.page_id}`, finding: null, material: page.material, pageId: page.page_id, field: null });
  }
  const covered = new Set(points.map((point) => point.field).filter((field) => field !== null));
  for (const page of view.pages) {
    if (page.removed) continue;
    for (const reading of page.readings) {
      if (!reading.field || isSettled(reading) || covered.has(reading.field)) continue;
      covered.add(reading.field);
      points.push({ id: `value ${reading.field}`, finding: reading.finding, material: page.material, pageId: page.page_id, field: reading.field });
    }
  }
  return points;
}

/** Nobody need look at the value: it was compared with the paper, or it proves itself and nothing speaks against it. */
export function isSettled(reading: ReadingView): boolean {
  return reading.confirmed || (reading.proven && !(reading.finding && !reading.finding.overridden && reading.finding.severity !== 'note'));
}

/** The point after (or before) the one with this id; round at the end. */
export function nextPoint(points: readonly Point[], current: string | null, by: 1 | -1): Point | null {
  if (points.length === 0) return null;
  const at = points.findIndex((point) => point.id === current);
  if (at < 0) return (by === 1 ? points[0] : points[points.length - 1]) ?? null;
  return points[(at + by + points.length) % points.length] ?? null;
}

/** Pages of the strip under one heading. */
export interface StripGroup {
  /** `null`: not yet filed under a paper; `removed`: taken out. */
  material: string | null;
  removed: boolean;
  pages: PageView[];
}

/** Pages grouped by paper in the order of the checklist, then those without a paper, then those taken out. */
export function stripOf(view: CaseView): StripGroup[] {
  const kept = view.pages.filter((page) => !page.removed);
  const known = view.checklist.map((item) => item.material);
  const groups: StripGroup[] = known.map((material) => ({ material, removed: false, pages: kept.filter((page) => page.material === material) }));
  groups.push({ material: null, removed: false, pages: kept.filter((page) => page.material === null || !known.includes(page.material)) });
  groups.push({ material: null, removed: true, pages: view.pages.filter((page) => page.removed) });
  return groups.filter((group) => group.pages.length > 0);
}

/** The value on a page to look at first: the first with something wrong, else the first neither proven nor compared, else none. */
export function firstToCheck(page: PageView | null): ReadingView | null {
  const open = page?.readings.filter((reading) => reading.field && !isSettled(reading)) ?? [];
  return open.find((reading) => reading.finding?.severity === 'error') ?? open.find((reading) => reading.finding) ?? open[0] ?? null;
}

/** The first paper that still wants something: with a fault first, then those to check, then those without a page. */
export function firstPaper(view: CaseView): string | null {
  const required = view.checklist.filter((item) => item.disposition === 'required');
  const found =
    required.find((item) => item.state === 'finding') ?? required.find((item) => item.state === 'to_check') ?? required.find((item) => item.state === 'todo') ?? required[0] ?? view.checklist[0];
  return found?.material ?? null;
}
