// The supervisor's board as the host last gave it.

import { desk, news, type BoardView, type CommandFault } from '../../host/desk';

const BURST_MS = 400;
/** Without news the board is still asked again: other counters speak through the centre. */
const REFRESH_MS = 15_000;

class BoardState {
  view = $state.raw<BoardView | null>(null);
  fault = $state.raw<CommandFault | null>(null);
  /** The row that the arrows stand on, in the waiting list or the cases. */
  chosenId = $state<string | null>(null);

  async load(): Promise<void> {
    const answer = await desk.getBoard();
    this.fault = answer.status === 'error' ? answer.error : null;
    if (answer.status === 'ok') this.view = answer.data;
  }

  /** Keeps the board fresh. Returns how to stop. */
  listen(): () => void {
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const stop = news.onCase(() => {
      clearTimeout(waiting);
      waiting = setTimeout(() => void this.load(), BURST_MS);
    });
    const again = setInterval(() => void this.load(), REFRESH_MS);
    return () => {
      clearTimeout(waiting);
      clearInterval(again);
      void stop.then((end) => end());
    };
  }
}

export const board = new BoardState();
