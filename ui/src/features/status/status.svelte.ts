// The host's last word about this PC, the centre and the devices, and how old it is by the window's own clock.

import { desk, news, type StatusView } from '../../host/desk';

import { foldStatus, type StatusLine } from './status-line';

const TICK_MS = 250;

class Status {
  view = $state.raw<StatusView | null>(null);
  private heardMs = $state(performance.now());
  private nowMs = $state(performance.now());

  /** The line to show. */
  get line(): StatusLine {
    return foldStatus(this.view, this.nowMs - this.heardMs);
  }

  /** Business date, or today's when the host has not spoken yet. */
  get today(): string {
    return this.view?.business_date ?? new Date().toISOString().slice(0, 10);
  }

  /** Asks once, then listens. Returns how to stop. */
  async listen(): Promise<() => void> {
    const stop = await news.onStatus((view) => this.hear(view));
    const ticking = setInterval(() => (this.nowMs = performance.now()), TICK_MS);
    void this.ask();
    return () => {
      stop();
      clearInterval(ticking);
    };
  }

  async ask(): Promise<void> {
    const answer = await desk.getStatus();
    if (answer.status === 'ok') this.hear(answer.data);
  }

  private hear(view: StatusView): void {
    this.view = view;
    this.heardMs = this.nowMs = performance.now();
  }
}

export const status = new Status();
