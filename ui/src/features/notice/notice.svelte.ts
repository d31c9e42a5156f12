// What the window has to tell besides the screen: the last fault until it is answered, and short words about what can be undone.

import type { Answer, CommandFault } from '../../host/desk';

/** A short word about something done; gone after five seconds. */
export interface Toast {
  id: number;
  text: string;
  /** Why something is not possible now, instead of something done. */
  why: boolean;
  undo?: () => void;
}

const TOAST_MS = 5000;
const MOST_TOASTS = 3;

class Notice {
  /** The last answer other than success, until the next success or Esc. */
  fault = $state.raw<CommandFault | null>(null);
  toasts = $state.raw<readonly Toast[]>([]);
  /** The host does not know the session any more (it was started anew, or signed out elsewhere). */
  onSignedOut: () => void = () => {};
  private next = 1;

  /** Says that something was done, and how to undo it. */
  tell(text: string, undo?: () => void): void {
    this.show({ id: this.next++, text, why: false, ...(undo ? { undo } : {}) });
  }

  /** Says why something is not possible now. */
  explain(text: string): void {
    this.toasts = this.toasts.filter((toast) => toast.text !== text);
    this.show({ id: this.next++, text, why: true });
  }

  private show(toast: Toast): void {
    this.toasts = [...this.toasts, toast].slice(-MOST_TOASTS);
    setTimeout(() => this.drop(toast.id), TOAST_MS);
  }

  drop(id: number): void {
    this.toasts = this.toasts.filter((toast) => toast.id !== id);
  }

  /** Undoes the last thing that can be; false when there is none. */
  undoLast(): boolean {
    const last = this.toasts.findLast((toast) => toast.undo);
    if (!last?.undo) return false;
    this.drop(last.id);
    last.undo();
    return true;
  }

  /** Shows a fault, or takes the last one away after a success; hands back the data of a success. */
  heed<T>(answer: Answer<T>): T | undefined {
    if (answer.status === 'error') {
      this.fault = answer.error;
      if (answer.error.code === 'not-signed-in') this.onSignedOut();
      return undefined;
    }
    this.fault = null;
    return answer.data;
  }

  clear(): void {
    this.fault = null;
  }
}

export const notice = new Notice();
