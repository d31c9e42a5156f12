// How far a case has come, for the stepper: what the host says about it decides, not what was looked at.

import type { CaseView } from '../../host/desk';

/** The last step that may be gone to. */
export function reachedStep(view: CaseView): 1 | 2 | 3 | 4 {
  if (!view.editable || view.documents.length > 0) return 4;
  if (view.guidance_stop) return 3;
  if (!view.applicant || view.questions_open > 0) return 1;
  return 3;
}
