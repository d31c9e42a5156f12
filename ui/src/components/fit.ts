// Fitting a picture into a box, and a region of it under a magnifying factor.

export interface Size {
  width: number;
  height: number;
}

/** The largest size with the picture's proportions inside the box; a box without room gives nothing. */
export function fit(picture: Size, box: Size): Size {
  if (picture.width <= 0 || picture.height <= 0 || box.width <= 0 || box.height <= 0) return { width: 0, height: 0 };
  const scale = Math.min(box.width / picture.width, box.height / picture.height);
  return { width: Math.floor(picture.width * scale), height: Math.floor(picture.height * scale) };
}

const SIDE_STEP = 400;

/** Elements of the screen on the longer side of a picture, in steps, so that a window that grows does not ask for another picture at every px. */
export function screenSide(shown: Size, density: number = window.devicePixelRatio): number {
  return Math.ceil((Math.max(shown.width, shown.height) * density) / SIDE_STEP) * SIDE_STEP;
}

/** A place on the picture as percentages, so that it follows every size. */
export function placed(region: { x: number; y: number; w: number; h: number }, picture: Size): { left: string; top: string; width: string; height: string } {
  const percent = (part: number, whole: number) => `${whole > 0 ? ((part / whole) * 100).toFixed(3) : 0}%`;
  return { left: percent(region.x, picture.width), top: percent(region.y, picture.height), width: percent(region.w, picture.width), height: percent(region.h, picture.height) };
}
