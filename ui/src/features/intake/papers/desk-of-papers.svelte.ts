// Where the clerk is among the papers: which paper, which page, which value. Nothing here is truth; the case is.

import { desk, type ChecklistItem, type FieldView, type FindingView, type MarkView, type PageView, type ReadingView, type ShareView } from '../../../host/desk';
import { t } from '../../../i18n/words.svelte';
import type { OpenCase } from '../../case/open-case.svelte';
import { notice } from '../../notice/notice.svelte';

import { firstPaper, firstToCheck, nextPoint, pointsOf, type Point } from './points';

export class DeskOfPapers {
  material = $state<string | null>(null);
  pageId = $state<string | null>(null);
  /** The field whose value stands open on the page. */
  field = $state<string | null>(null);
  pointId = $state<string | null>(null);

  constructor(readonly open: OpenCase) {
    const view = open.view;
    if (!view) return;
    const wanted = pointsOf(view).find((point) => point.finding?.id === open.wanted);
    open.wanted = null;
    if (wanted) {
      this.goTo(wanted);
      return;
    }
    const material = firstPaper(view);
    if (material) this.choosePaper(material);
  }

  private get view() {
    return this.open.view;
  }

  get item(): ChecklistItem | null {
    return this.view?.checklist.find((item) => item.material === this.material) ?? null;
  }

  get page(): PageView | null {
    return this.view?.pages.find((page) => page.page_id === this.pageId) ?? null;
  }

  /** Pages of the chosen paper that count, in order. */
  get siblings(): PageView[] {
    const page = this.page;
    return this.view?.pages.filter((each) => (page ? each.material === page.material : each.material === this.material) && !each.removed) ?? [];
  }

  get reading(): ReadingView | null {
    return this.page?.readings.find((reading) => reading.field === this.field) ?? null;
  }

  get points(): Point[] {
    return this.view ? pointsOf(this.view) : [];
  }

  fieldView(key: string | null): FieldView | null {
    return this.view?.fields.find((field) => field.field === key) ?? null;
  }

  choosePaper(material: string): void {
    this.material = material;
    const pages = this.view?.pages.filter((page) => page.material === material && !page.removed) ?? [];
    const wanted = pages.find((page) => firstToCheck(page)) ?? pages[0];
    this.choosePage(wanted?.page_id ?? null);
  }

  choosePage(pageId: string | null): void {
    this.pageId = pageId;
    const page = this.page;
    if (page?.material) this.material = page.material;
    this.field = firstToCheck(page)?.field ?? null;
    this.pointId = this.field ? `value ${this.field}` : null;
  }

  stepPaper(by: 1 | -1): void {
    const list = this.view?.checklist ?? [];
    const at = list.findIndex((item) => item.material === this.material);
    const next = list[Math.min(list.length - 1, Math.max(0, at + by))];
    if (next) this.choosePaper(next.material);
  }

  stepPage(by: 1 | -1): void {
    const pages = this.view?.pages.filter((page) => !page.removed) ?? [];
    const at = pages.findIndex((page) => page.page_id === this.pageId);
    const next = pages[at < 0 ? 0 : Math.min(pages.length - 1, Math.max(0, at + by))];
    if (next) this.choosePage(next.page_id);
  }

  stepPoint(by: 1 | -1): void {
    const next = nextPoint(this.points, this.pointId, by);
    if (!next) {
      notice.explain(t('papers.no_points'));
      return;
    }
    this.goTo(next);
  }

  goTo(point: Point): void {
    const view = this.view;
    const field = this.fieldView(point.field);
    const pageId = point.pageId ?? field?.page_id ?? view?.pages.find((page) => page.material === point.material && point.material !== null && !page.removed)?.page_id ?? null;
    if (pageId) this.choosePage(pageId);
    else if (point.material) this.choosePaper(point.material);
    if (point.field) this.field = point.field;
    this.pointId = point.id;
  }

  /** The finding that stands at the open value, if any. */
  findingOf(key: string | null): FindingView | null {
    if (!key) return null;
    return this.fieldView(key)?.finding ?? this.page?.readings.find((reading) => reading.field === key)?.finding ?? this.view?.findings.find((finding) => finding.field === key && !finding.overridden) ?? null;
  }

  /** Keeps a typed value, when it is another one. A draft of a case that has left the screen goes to that case. */
  async setField(key: string, value: string, typedFor: string | null = null): Promise<void> {
    if (typedFor !== null && typedFor !== this.view?.case_id) {
      notice.heed(await desk.setField(typedFor, key, value));
      return;
    }
    if (this.fieldView(key)?.value === value) return;
    await this.open.act((caseId) => desk.setField(caseId, key, value));
  }

  /** Keeps the value and says that it was compared with the paper; goes on to the next open value of the page. */
  async confirm(key: string, value: string): Promise<void> {
    const changed = this.fieldView(key)?.value !== value;
    if (changed) await this.open.act((caseId) => desk.setField(caseId, key, value));
    const view = await this.open.act((caseId) => desk.confirmField(caseId, key));
    if (!view || this.field !== key) return;
    const next = firstToCheck(this.page);
    if (next?.field) this.field = next.field;
  }

  mark(mark: MarkView | null, reason: string | null = null): void {
    const material = this.material;
    if (material) void this.open.act((caseId) => desk.markMaterial(caseId, material, mark, reason));
  }

  turn(quarterTurns: 1 | -1): void {
    const pageId = this.pageId;
    if (pageId) void this.open.act((caseId) => desk.turnPage(caseId, pageId, quarterTurns));
  }

  /** Cuts the page anew, or (without corners) takes it back to how the counter corrects it. */
  crop(corners: ShareView[] | null): void {
    const pageId = this.pageId;
    if (pageId) void this.open.act((caseId) => (corners ? desk.cropPage(caseId, pageId, corners) : desk.resetPage(caseId, pageId)));
  }

  split(): void {
    const pageId = this.pageId;
    if (pageId) this.showMade((caseId) => desk.splitPage(caseId, pageId));
  }

  /** The page and the next one of its paper on one sheet. */
  join(): void {
    const page = this.page;
    const next = page ? this.siblings[this.siblings.indexOf(page) + 1] : undefined;
    if (page && next) this.showMade((caseId) => desk.joinPages(caseId, page.page_id, next.page_id));
  }

  private showMade(send: (caseId: string) => ReturnType<typeof desk.splitPage>): void {
    const known = new Set(this.view?.pages.map((each) => each.page_id));
    void this.open.act(send).then((view) => {
      const made = view?.pages.find((each) => !known.has(each.page_id));
      if (made) this.choosePage(made.page_id);
    });
  }

  /** The chosen page went out of the case: what came in instead, by a rescan or an undo, is shown. False when it did not. */
  follow(counted: readonly string[], before: readonly string[]): boolean {
    const came = counted.find((pageId) => !before.includes(pageId));
    const went = this.page?.removed === true && before.includes(this.page.page_id);
    if (came && went) this.choosePage(came);
    return came !== undefined && went;
  }

  /** Earlier or later among the pages of its paper. */
  move(by: 1 | -1): void {
    const page = this.page;
    if (!page) return;
    const order = this.siblings;
    const at = order.indexOf(page);
    const neighbour = order[at + by];
    if (!neighbour) return;
    const all = this.view?.pages ?? [];
    const before = by === -1 ? neighbour.page_id : (all[all.indexOf(neighbour) + 1]?.page_id ?? null);
    void this.open.act((caseId) => desk.movePage(caseId, page.page_id, before));
  }

  assign(material: string | null): void {
    const page = this.page;
    if (!page || page.material === material) return;
    void this.open.act((caseId) => desk.assignPage(caseId, page.page_id, material)).then((view) => {
      if (view && material) this.material = material;
    });
  }

  /** The paper that the app guessed is the right one. */
  takeGuess(): void {
    const page = this.page;
    if (page && page.guess_percent !== null) void this.open.act((caseId) => desk.assignPage(caseId, page.page_id, page.material));
  }

  remove(): void {
    const page = this.page;
    if (!page || page.removed) return;
    const siblings = this.siblings;
    const after = siblings[siblings.indexOf(page) + 1] ?? siblings[siblings.indexOf(page) - 1] ?? null;
    void this.open.act((caseId) => desk.removePage(caseId, page.page_id)).then((view) => {
      if (view) this.choosePage(after?.page_id ?? null);
    });
  }

  async restore(pageId: string): Promise<void> {
    const view = await this.open.act((caseId) => desk.restorePage(caseId, pageId));
    if (view) this.choosePage(pageId);
  }
}
