// How the next batch is scanned: what the clerk wishes, held against what the scanner can do. The wishes stay on this PC; a scanner that can
// not meet one gets the nearest it has, and the wish is kept for the next scanner.

import { desk, type ScanColour, type ScanPaper, type ScanProfile, type ScannerAbilities, type ScanSource, type SourceAbility } from '../../../host/desk';
import { looks } from '../../command/view.svelte';

/** What is offered of a scanner that has not answered yet: that it scans as most papers want it. */
const UNKNOWN: SourceAbility = { source: 'auto', colours: ['colour'], dpi: [300], papers: ['a4'] };

/** The value at the next place, round and round. */
export function stepped<T>(options: readonly T[], value: T, by: 1 | -1): T {
  const at = options.indexOf(value);
  return options[(at + by + options.length) % options.length] ?? value;
}

/** The lowest resolution of those offered that is enough, else the highest. */
export function enough(offered: readonly number[], wish: number): number {
  return offered.find((dpi) => dpi >= wish) ?? offered[offered.length - 1] ?? wish;
}

/** The area wished for, else a sheet of A4, else all the scanner sees. */
export function areaOf(offered: readonly ScanPaper[], wish: ScanPaper): ScanPaper {
  if (offered.includes(wish)) return wish;
  return offered.includes('a4') ? 'a4' : (offered[offered.length - 1] ?? 'whole');
}

export class ScanChoice {
  private able = $state.raw<ScannerAbilities | null>(null);
  private wish = $state<ScanSource>('auto');
  private asking = 0;

  /** Whether the scanner has told what it can do. */
  get known(): boolean {
    return this.able !== null;
  }

  /** With a document camera there is nothing to choose. */
  get camera(): boolean {
    return this.able?.camera ?? false;
  }

  get offers(): readonly SourceAbility[] {
    return this.able?.sources ?? [UNKNOWN];
  }

  get offer(): SourceAbility {
    return this.offers.find((offer) => offer.source === this.wish) ?? this.offers[0] ?? UNKNOWN;
  }

  get sources(): readonly ScanSource[] {
    return this.offers.map((offer) => offer.source);
  }

  get source(): ScanSource {
    return this.offer.source;
  }
  set source(source: ScanSource) {
    this.wish = source;
  }

  get colour(): ScanColour {
    const { colours } = this.offer;
    return colours.includes(looks.scan.colour) ? looks.scan.colour : (colours[0] ?? 'colour');
  }
  set colour(colour: ScanColour) {
    looks.takeScan({ ...looks.scan, colour });
  }

  get dpi(): number {
    return enough(this.offer.dpi, looks.scan.dpi);
  }
  set dpi(dpi: number) {
    looks.takeScan({ ...looks.scan, dpi });
  }

  get paper(): ScanPaper {
    return areaOf(this.offer.papers, looks.scan.paper);
  }
  set paper(paper: ScanPaper) {
    looks.takeScan({ ...looks.scan, paper });
  }

  /** What the host is told; the backs of a stack come from the feeder like its fronts. */
  profile(backs: boolean): ScanProfile {
    return { scanner: looks.scanner, source: backs ? 'backs' : this.source, colour: this.colour, dpi: this.dpi, paper: this.paper };
  }

  /** Asks the scanner what it can do. One that does not answer says so in the status line. */
  async ask(): Promise<void> {
    const asked = ++this.asking;
    const answer = await desk.inspectScanner(looks.scanner);
    if (asked === this.asking) this.able = answer.status === 'ok' ? answer.data : null;
  }

  /** Another scanner was chosen. */
  forget(): void {
    this.able = null;
  }
}
