// How the window looks and which scanner it takes on this PC, and how: contrast, size, scanner, wishes for scans. Kept here because it concerns
// nobody else.

import type { ScanColour, ScanPaper } from '../../host/desk';

export type Scale = '100' | '115' | '130';
const SCALES: readonly Scale[] = ['100', '115', '130'];

/** What a clerk wishes of scans; a scanner that can not gives the nearest it has. */
export interface ScanWishes {
  readonly colour: ScanColour;
  readonly dpi: number;
  readonly paper: ScanPaper;
}

/** Colour, 300 dpi, A4: what most papers need. Anything else that was kept and is not understood counts as that. */
export function wishesFrom(kept: string | null | undefined): ScanWishes {
  const usual: ScanWishes = { colour: 'colour', dpi: 300, paper: 'a4' };
  try {
    const { colour, dpi, paper } = JSON.parse(kept ?? '{}') as Partial<Record<keyof ScanWishes, unknown>>;
    return {
      colour: COLOURS.find((each) => each === colour) ?? usual.colour,
      dpi: typeof dpi === 'number' && dpi > 0 ? dpi : usual.dpi,
      paper: PAPERS.find((each) => each === paper) ?? usual.paper,
    };
  } catch {
    return usual;
  }
}
const COLOURS: readonly ScanColour[] = ['colour', 'gray'];
const PAPERS: readonly ScanPaper[] = ['card', 'a5', 'a4', 'a3', 'whole'];

class Looks {
  contrast = $state(globalThis.localStorage?.getItem('theme') === 'contrast');
  scale = $state<Scale>((globalThis.localStorage?.getItem('scale') as Scale | null) ?? '100');

  /** A scanner other than the counter's own; `null` for that one. */
  scanner = $state<string | null>(globalThis.localStorage?.getItem('scanner') ?? null);

  takeScanner(id: string | null): void {
    this.scanner = id;
    if (id === null) localStorage.removeItem('scanner');
    else localStorage.setItem('scanner', id);
  }

  /** What is wished of scans. */
  scan = $state.raw<ScanWishes>(wishesFrom(globalThis.localStorage?.getItem('scan')));

  takeScan(wishes: ScanWishes): void {
    this.scan = wishes;
    localStorage.setItem('scan', JSON.stringify(wishes));
  }

  /** Writes the choice onto the page. */
  apply(): void {
    const root = document.documentElement;
    if (this.contrast) root.dataset['theme'] = 'contrast';
    else delete root.dataset['theme'];
    if (this.scale === '100') delete root.dataset['scale'];
    else root.dataset['scale'] = this.scale;
    localStorage.setItem('theme', this.contrast ? 'contrast' : 'light');
    localStorage.setItem('scale', this.scale);
  }

  toggleContrast(): void {
    this.contrast = !this.contrast;
  }

  resize(by: 1 | -1 | 0): void {
    const at = SCALES.indexOf(this.scale);
    this.scale = by === 0 ? '100' : (SCALES[Math.min(SCALES.length - 1, Math.max(0, at + by))] ?? '100');
  }
}

export const looks = new Looks();
