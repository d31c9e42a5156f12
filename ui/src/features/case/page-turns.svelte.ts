// How often each page was turned in this window. It stands in the address of a page's picture, so that a turned page is fetched anew
// while any other act on the case leaves the picture on screen alone.

const turns = $state<Record<string, number>>({});

/** The number for a page's address. */
export function turnsOf(pageId: string): number {
  return turns[pageId] ?? 0;
}

/** The page was turned. */
export function noteTurn(pageId: string): void {
  turns[pageId] = turnsOf(pageId) + 1;
}
