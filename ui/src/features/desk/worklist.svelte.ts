// The worklist as the host last gave it, which tab is shown and which row is chosen.

import { desk, news, type CommandFault, type WorklistCounts, type WorklistFilter, type WorklistRow } from '../../host/desk';

/** Tabs in order. */
export const TABS: readonly WorklistFilter[] = ['mine', 'today', 'supplement', 'ready', 'returned'];

/** News come in bursts (a page, a print, the centre); the list is asked once for each burst. */
const BURST_MS = 250;

/** Rows by number instead of by due date; what needs the clerk stays first. */
export function arranged(rows: readonly WorklistRow[], byNumber: boolean): WorklistRow[] {
  if (!byNumber) return [...rows];
  return [...rows].sort((a, b) => Number(b.needs_me) - Number(a.needs_me) || a.ticket.localeCompare(b.ticket, 'en', { numeric: true }));
}

class Worklist {
  filter = $state<WorklistFilter>('mine');
  byNumber = $state(false);
  counts = $state.raw<WorklistCounts | null>(null);
  fault = $state.raw<CommandFault | null>(null);
  chosenId = $state<string | null>(null);
  private given = $state.raw<readonly WorklistRow[] | null>(null);
  private asked = 0;

  /** Rows as they stand; those that need the clerk before the others. */
  get rows(): WorklistRow[] | null {
    if (!this.given) return null;
    const rows = arranged(this.given, this.byNumber);
    return [...rows.filter((row) => row.needs_me), ...rows.filter((row) => !row.needs_me)];
  }

  get chosen(): WorklistRow | null {
    const rows = this.rows ?? [];
    return rows.find((row) => row.case_id === this.chosenId) ?? rows[0] ?? null;
  }

  show(filter: WorklistFilter): void {
    if (filter !== this.filter) this.given = null;
    this.filter = filter;
    void this.load();
  }

  turn(by: 1 | -1): void {
    const at = TABS.indexOf(this.filter);
    this.show(TABS[(at + by + TABS.length) % TABS.length] ?? 'mine');
  }

  move(by: 1 | -1): void {
    const rows = this.rows ?? [];
    const at = rows.findIndex((row) => row.case_id === this.chosen?.case_id);
    this.chosenId = rows[Math.min(rows.length - 1, Math.max(0, at + by))]?.case_id ?? null;
  }

  async load(): Promise<void> {
    const mine = ++this.asked;
    const answer = await desk.listCases(this.filter);
    if (mine !== this.asked) return;
    this.fault = answer.status === 'error' ? answer.error : null;
    if (answer.status === 'error') return;
    this.given = answer.data.rows;
    this.counts = answer.data.counts;
  }

  /** Asks again when a case changes. */
  listen(): Promise<() => void> {
    let waiting: ReturnType<typeof setTimeout> | undefined;
    return news.onCase(() => {
      clearTimeout(waiting);
      waiting = setTimeout(() => void this.load(), BURST_MS);
    });
  }
}

export const worklist = new Worklist();
