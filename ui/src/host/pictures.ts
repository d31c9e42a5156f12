// Addresses of pages and documents. They come through the host's own scheme, so no page ever lies in a file the web view can reach.

import { convertFileSrc } from '@tauri-apps/api/core';

import type { PageView, RegionView } from './bindings';

/** Which rendering of a page. */
export type Rendering = 'original' | 'corrected' | 'thumb';

// `convertFileSrc` knows how the platform writes a scheme's address; the path is appended so that its slashes stay slashes.
function address(...parts: (string | number)[]): string {
  return convertFileSrc('', 'page') + parts.map((part) => encodeURIComponent(String(part))).join('/');
}

/** A page. A picture that changed has another address, so that the old one is not shown again. */
export function pagePicture(caseId: string, page: Pick<PageView, 'page_id' | 'picture'>, rendering: Rendering): string {
  return `${address(caseId, page.page_id, rendering)}?r=${page.picture}`;
}

/** Whether a page has pictures made for looking at. Until it is judged, a moment later, there is only the original: a whole sheet decoded for a stamp. */
export function hasPictures(page: Pick<PageView, 'verdict'>): boolean {
  return page.verdict !== 'pending';
}

/** The corrected page as large as it is shown, so that the web view need not decode ten times what it draws. `side` is the longer one, px of the screen. */
export function fittedPicture(caseId: string, page: Pick<PageView, 'page_id' | 'picture'>, side: number): string {
  return `${address(caseId, page.page_id, 'fitted', side)}?r=${page.picture}`;
}

/** The piece of a page where a value was read, px of the corrected page. */
export function snippetPicture(caseId: string, pageId: string, region: RegionView): string {
  return `${address(caseId, pageId, 'snippet')}?x=${region.x}&y=${region.y}&w=${region.w}&h=${region.h}`;
}

/** A page of a frozen document, from 1. */
export function documentPicture(caseId: string, documentId: string, pageNo: number): string {
  return address(caseId, 'document', documentId, pageNo);
}

/** A page of a preview, from 1. */
export function previewPicture(caseId: string, token: string, pageNo: number): string {
  return address(caseId, 'preview', token, pageNo);
}

/** The next live picture of the camera in use; the count keeps addresses apart, so that no old picture is shown again. */
export function livePicture(caseId: string, count: number): string {
  return address(caseId, 'camera', count);
}
