// Which of the window's own overlays is open: the palette, the key list, the record of a case.

class Overlays {
  palette = $state(false);
  /** What is already typed when the palette opens. */
  typed = $state('');
  keys = $state(false);
  /** Case whose record is shown. */
  record = $state<string | null>(null);

  openPalette(typed = ''): void {
    this.typed = typed;
    this.palette = true;
  }

  closeAll(): void {
    this.palette = false;
    this.keys = false;
    this.record = null;
  }
}

export const overlays = new Overlays();
