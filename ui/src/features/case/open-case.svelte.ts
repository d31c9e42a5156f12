// The case on the screen: the host's last view of it, the step the clerk looks at, and the scan that runs into it.
// Acts are sent one after another, so that a slow answer never overtakes a later one.

import { desk, news, type Answer, type CameraLook, type CaseView, type ScanNews, type ScanProfile } from '../../host/desk';
import { t } from '../../i18n/words.svelte';
import { notice } from '../notice/notice.svelte';

/** Steps of intake. */
export type Step = 1 | 2 | 3 | 4;

/** The step at which work on a case goes on. */
export function stepOf(view: CaseView): Step {
  if (!view.editable) return 4;
  if (!view.applicant || (view.questions_open > 0 && !view.guidance_stop)) return 1;
  return 2;
}

/** Whether a scan is under way. */
export function isScanning(scan: ScanNews | null): boolean {
  return scan !== null && (scan.state === 'starting' || scan.state === 'watching' || scan.state === 'page' || scan.state === 'kept');
}

const BURST_MS = 100;

/** A case on the screen. */
export class OpenCase {
  view = $state.raw<CaseView | null>(null);
  step = $state<Step>(1);
  scan = $state.raw<ScanNews | null>(null);
  /** A finding to stand at when the papers open. */
  wanted: string | null = null;
  /** Acts sent and not yet answered. */
  pending = $state(0);
  /** The act on pages that was told last, by the revision before it. */
  private toldOf = -1;
  /** Where the paper of the running scan lies. */
  private source: ScanProfile['source'] = 'auto';
  /** Fronts of stacks whose backs are to come, by case: another case may be opened before a stack is turned over. */
  private stacks = $state.raw<Readonly<Record<string, number>>>({});
  /** Fronts of a stack that broke off, by case. */
  private begun: Readonly<Record<string, number>> = {};
  private soon: ReturnType<typeof setTimeout> | undefined;
  private tail: Promise<unknown> = Promise.resolve();

  get scanning(): boolean {
    return isScanning(this.scan);
  }

  /** What a camera in use sees; null with another device. */
  get camera(): CameraLook | null {
    return this.scanning ? (this.scan?.look ?? null) : null;
  }

  /** Fronts of a stack that are kept while its backs are to come. */
  get fronts(): number {
    return this.stacks[this.view?.case_id ?? ''] ?? 0;
  }
  set fronts(fronts: number) {
    if (this.view) this.stacks = { ...this.stacks, [this.view.case_id]: fronts };
  }

  /** Shows a case. */
  show(view: CaseView, step: Step = stepOf(view)): void {
    if (this.view?.case_id !== view.case_id) {
      this.scan = null;
    }
    this.toldOf = view.undo?.revision ?? -1;
    this.view = view;
    this.step = step;
  }

  /** Opens a case by id; false when the host refused. */
  async open(caseId: string, step?: Step): Promise<boolean> {
    const view = notice.heed(await desk.getCase(caseId));
    if (!view) return false;
    this.show(view, step ?? stepOf(view));
    return true;
  }

  close(): void {
    this.view = null;
    this.scan = null;
  }

  /** Takes the last act on pages back, whatever it is when its turn comes. */
  undo(): Promise<CaseView | undefined> {
    return this.act((caseId) => (this.view?.undo ? desk.undoPageAct(caseId, this.view.undo.revision) : desk.getCase(caseId)));
  }

  /** Sends an act after those before it and shows the case that comes back; the answer for who needs it. */
  act<T>(send: (caseId: string) => Promise<Answer<T>>): Promise<T | undefined> {
    const caseId = this.view?.case_id;
    if (!caseId) return Promise.resolve(undefined);
    this.pending += 1;
    const sent = this.tail.then(async () => {
      const answer = await send(caseId);
      const data = notice.heed(answer);
      if (isCase(data)) this.adopt(data);
      return data;
    });
    this.tail = sent.catch(() => undefined).finally(() => (this.pending -= 1));
    return sent;
  }

  /** Asks for the case again when the host says that it changed. */
  async refresh(caseId: string): Promise<void> {
    if (this.view?.case_id !== caseId) return;
    const answer = await desk.getCase(caseId);
    if (answer.status === 'ok') this.adopt(answer.data);
  }

  /** Scans into a paper, or a page again. */
  scanInto(material: string | null, profile: ScanProfile, again: string | null = null): void {
    if (this.scanning) return;
    const before = this.source;
    this.source = again ? 'auto' : profile.source;
    void this.act(async (caseId) => {
      this.scan = { case_id: caseId, material, state: 'starting', pages_kept: 0, percent: 0, words: null, code: null, look: null };
      const answer = await (again ? desk.rescanPage(caseId, again, profile) : desk.scanInto(caseId, material, profile));
      if (answer.status === 'error') {
        this.scan = null;
        // The scan of another case may be under way.
        this.source = before;
      }
      return answer;
    });
  }

  hearScan(scan: ScanNews): void {
    if (!isScanning(scan)) this.countSides(scan);
    if (scan.case_id !== this.view?.case_id) return;
    this.scan = scan;
    if (scan.state === 'finished' && scan.words) notice.fault = { kind: 'fault', code: scan.code ?? 'look', what: scan.words, remedy: { zh: '', en: '' } };
    if (scan.state === 'failed' && scan.words) {
      notice.fault = { kind: 'fault', code: scan.code ?? 'scan-failed', what: scan.words, remedy: { zh: '', en: '' } };
    }
    if (scan.state !== 'starting' && scan.state !== 'watching' && scan.state !== 'page') this.refreshSoon(scan.case_id);
  }

  /** A stack that came in whole waits for its backs; one that was stopped goes on with the same side. */
  private countSides(scan: ScanNews): void {
    const { case_id: id, pages_kept: kept } = scan;
    const whole = scan.state === 'finished';
    if (this.source === 'fronts') {
      const fronts = (this.begun[id] ?? 0) + kept;
      // A batch that brought nothing changes nothing.
      if (!whole && kept === 0) return;
      this.begun = { ...this.begun, [id]: whole ? 0 : fronts };
      this.stacks = { ...this.stacks, [id]: whole ? fronts : 0 };
    } else if (whole || (this.source !== 'backs' && kept > 0)) {
      this.begun = { ...this.begun, [id]: 0 };
      this.stacks = { ...this.stacks, [id]: 0 };
    }
  }

  /** News come in bursts: the case is asked once for each burst. */
  private refreshSoon(caseId: string): void {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => void this.refresh(caseId), BURST_MS);
  }

  /** Listens to the host. Returns how to stop. */
  async listen(): Promise<() => void> {
    const stops = await Promise.all([
      news.onCase((changed) => changed.case_id === this.view?.case_id && this.refreshSoon(changed.case_id)),
      news.onScan((scan) => this.hearScan(scan)),
    ]);
    return () => stops.forEach((stop) => stop());
  }

  private adopt(view: CaseView): void {
    if (this.view?.case_id !== view.case_id || view.revision < this.view.revision) return;
    this.view = view;
    this.tellDone();
  }

  /** Says what was done with pages, by this window or by a scan, with the way back. */
  private tellDone(): void {
    const undo = this.view?.undo ?? null;
    if (undo && undo.revision > this.toldOf) notice.tell(t(`papers.done.${undo.act}`), () => void this.undo());
    this.toldOf = undo?.revision ?? -1;
  }
}

function isCase(data: unknown): data is CaseView {
  return typeof data === 'object' && data !== null && 'case_id' in data && 'checklist' in data;
}

/** The case in intake. */
export const openCase = new OpenCase();
/** The case from which results are handed out. */
export const handOutCase = new OpenCase();
/** The case that the supervisor reads. */
export const branchCase = new OpenCase();
