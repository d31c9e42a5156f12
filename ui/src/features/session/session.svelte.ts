// Who works here. The host decides; the window only shows what it last said.

import { desk, type CommandFault, type SessionView, type StartView } from '../../host/desk';
import { notice } from '../notice/notice.svelte';

/** Without a key or the mouse for this long the window locks itself; the case stays. */
export const IDLE_LOCK_MS = 5 * 60 * 1000;

/** How often a counter that is being opened is asked how far it is. */
const OPENING_ASK_MS = 250;

class Session {
  start = $state.raw<StartView | null>(null);
  who = $state.raw<SessionView | null>(null);
  locked = $state(false);
  /** Why sign-in or unlocking did not work. */
  refused = $state.raw<CommandFault | null>(null);
  busy = $state(false);

  /** Asks the host where things stand. */
  async refresh(): Promise<void> {
    const answer = await desk.getStart();
    if (answer.status === 'error') {
      this.refused = answer.error;
      return;
    }
    this.start = answer.data;
    this.who = answer.data.session;
    this.locked = answer.data.locked;
    // While the counter is being opened (a rebuild may take a while) it is asked again; the share done is shown.
    if (answer.data.opening !== null) setTimeout(() => void this.refresh(), OPENING_ASK_MS);
  }

  /** Opens the counter with the passphrase of its key. */
  async openWithPassphrase(passphrase: string): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    const answer = await desk.openWithPassphrase(passphrase);
    this.busy = false;
    this.refused = answer.status === 'error' ? answer.error : null;
    if (answer.status === 'error') return;
    this.start = answer.data;
    this.who = answer.data.session;
    if (answer.data.opening !== null) setTimeout(() => void this.refresh(), OPENING_ASK_MS);
  }

  async signIn(staffNo: string, pin: string): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    const answer = await desk.signIn(staffNo, pin);
    this.busy = false;
    this.refused = answer.status === 'error' ? answer.error : null;
    if (answer.status === 'error') return false;
    this.who = answer.data;
    this.locked = false;
    return true;
  }

  async lock(): Promise<void> {
    if (!this.who || this.locked) return;
    // Hidden first: a slow answer must not leave a case on the screen.
    this.locked = true;
    this.refused = null;
    const answer = await desk.lock();
    if (answer.status === 'error') this.refused = answer.error;
  }

  async unlock(pin: string): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    const answer = await desk.unlock(pin);
    this.busy = false;
    this.refused = answer.status === 'error' ? answer.error : null;
    if (answer.status === 'error') return false;
    this.who = answer.data;
    this.locked = false;
    return true;
  }

  async signOut(): Promise<void> {
    const answer = await desk.signOut();
    if (answer.status === 'error') {
      this.refused = answer.error;
      if (!this.locked) notice.heed(answer);
      return;
    }
    this.who = null;
    this.locked = false;
    this.refused = null;
    await this.refresh();
  }
}

export const session = new Session();
