// F6 walks the areas of a screen: elements with `data-area`, in reading order.

function shownAreas(): HTMLElement[] {
  const root = document.querySelector<HTMLElement>('[data-overlay]') ?? document;
  return [...root.querySelectorAll<HTMLElement>('[data-area]')].filter((area) => area.offsetParent !== null || area.dataset['tabbed'] === 'true');
}

/** The area that holds the focus. */
export function currentArea(): string | null {
  return document.activeElement?.closest<HTMLElement>('[data-area]')?.dataset['area'] ?? null;
}

/** Moves the focus into an area: to what asks for it, else to its first control, else to the area itself. */
export function enterArea(area: HTMLElement): void {
  const wanted = area.querySelector<HTMLElement>('[data-area-focus="true"]') ?? area.querySelector<HTMLElement>('input, textarea, button, [tabindex="0"]');
  if (wanted) wanted.focus();
  else {
    area.tabIndex = -1;
    area.focus();
  }
}

/** Moves to the next (or previous) area; the one after the last is the first. Returns its name. */
export function walkAreas(step: 1 | -1): string | null {
  const areas = shownAreas();
  if (areas.length === 0) return null;
  const at = areas.findIndex((area) => area.dataset['area'] === currentArea());
  const next = areas[(at + step + areas.length) % areas.length];
  if (!next) return null;
  enterArea(next);
  return next.dataset['area'] ?? null;
}
