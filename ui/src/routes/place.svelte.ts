// Where the window is: one place of the rail, and in a case one of its steps. Nothing is kept across starts; the host holds the truth.

import type { Role } from '../host/desk';

/** Places of the rail. */
export type PlaceName = 'desk' | 'intake' | 'hand-out' | 'day-end' | 'board' | 'branch-case' | 'audit' | 'devices';

/** The places of a role, in the order of the rail. */
export function placesOf(role: Role): readonly PlaceName[] {
  switch (role) {
    case 'clerk':
      return ['desk', 'intake', 'hand-out', 'day-end', 'devices'];
    case 'supervisor':
      return ['board', 'branch-case', 'audit', 'devices'];
    case 'installer':
      return ['devices'];
  }
}

class Place {
  name = $state<PlaceName>('desk');

  go(name: PlaceName): void {
    this.name = name;
  }

  /** The first place of a role, after sign-in. */
  begin(role: Role): void {
    this.name = placesOf(role)[0] ?? 'desk';
  }
}

export const place = new Place();
