// How the window looks and which scanner it takes on this PC: contrast, size, scanner. Kept here because it concerns nobody else.

export type Scale = '100' | '115' | '130';
const SCALES: readonly Scale[] = ['100', '115', '130'];

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
