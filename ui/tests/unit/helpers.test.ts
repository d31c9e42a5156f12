import { describe, expect, it } from 'vitest';

import { groupsOf } from '../../src/components/code-number';
import { fit, placed, screenSide } from '../../src/components/fit';
import { matches } from '../../src/components/matching';
import { dueWords } from '../../src/features/case/due';
import { pageShape } from '../../src/features/case/shapes';
import { isScanning, OpenCase, stepOf } from '../../src/features/case/open-case.svelte';
import { firstDocument, printState, wasPrinted } from '../../src/features/case/prints';
import { arranged } from '../../src/features/desk/worklist.svelte';
import { licenceOf, phaseOf, serialSettled } from '../../src/features/handout/phase';
import { grown, numberChoices } from '../../src/features/intake/guidance/grown';
import { DeskOfPapers } from '../../src/features/intake/papers/desk-of-papers.svelte';
import { MOST_FILES, pathsOf } from '../../src/features/intake/papers/paths';
import { firstPaper, firstToCheck, nextPoint, pointsOf, stripOf } from '../../src/features/intake/papers/points';
import { deficiencies, documentOf, firstOutcome, missingFor } from '../../src/features/intake/review/outcomes';
import { reachedStep } from '../../src/features/intake/steps';
import { age } from '../../src/features/desk/age';
import { notice } from '../../src/features/notice/notice.svelte';
import { clock, longDate, shortDate, shortTime, weekday } from '../../src/i18n/dates';
import type { CaseView, FindingView } from '../../src/host/bindings';
import { placesOf } from '../../src/routes/place.svelte';
import { accepted, checkDigit, granted, karaoke, newborn, outcomes, rows } from '../preview/samples';

describe('numbers and places on a page', () => {
  it('cuts an identity number 6-8-4 and a phone 3-4-4, and nothing else', () => {
    expect(groupsOf('330302199408239995')).toEqual(['330302', '19940823', '9995']);
    expect(groupsOf('13800000000')).toEqual(['138', '0000', '0000']);
    expect(groupsOf('云溪市南塘街道听泉路18号2幢601室楼')).toHaveLength(1);
  });
  it('loses no character by cutting', () => {
    for (const value of ['330302199408239995', '33030219940823999X', '13800000000', '', 'x']) expect(groupsOf(value).join('')).toBe(value);
  });
  it('asks for as many elements as the screen has, in steps', () => {
    expect(screenSide({ width: 553, height: 782 }, 1)).toBe(800);
    expect(screenSide({ width: 566, height: 800 }, 1)).toBe(800);
    expect(screenSide({ width: 801, height: 500 }, 1)).toBe(1200);
    expect(screenSide({ width: 553, height: 782 }, 2)).toBe(1600);
    expect(screenSide({ width: 0, height: 0 }, 2)).toBe(0);
  });
  it('fits a card by width and a sheet by height', () => {
    expect(fit({ width: 856, height: 540 }, { width: 553, height: 384 })).toEqual({ width: 553, height: 348 });
    expect(fit({ width: 1240, height: 1754 }, { width: 553, height: 384 }).height).toBe(384);
    expect(fit({ width: 0, height: 10 }, { width: 5, height: 5 })).toEqual({ width: 0, height: 0 });
  });
  it('places a region in percent of the page', () => {
    expect(placed({ x: 107, y: 54, w: 214, h: 27 }, { width: 856, height: 540 })).toEqual({ left: '12.500%', top: '10.000%', width: '25.000%', height: '5.000%' });
  });
});

describe('dates', () => {
  it('are short within the year and full outside it', () => {
    expect(shortDate('2026-12-01', '2026-11-24')).toBe('12-01');
    expect(shortDate('2027-01-05', '2026-11-24')).toBe('2027-01-05');
    expect(shortTime('2026-11-24T14:59:03', '2026-11-24')).toBe('14:59');
    expect(shortTime('2026-11-23T14:59:03', '2026-11-24')).toBe('11-23 14:59');
  });
  it('have weekdays in both languages', () => {
    expect(weekday('2026-11-24', 'zh')).toBe('周二');
    expect(longDate('2026-11-24', 'en')).toBe('Tue 24 Nov 2026');
  });
  it('grow from minutes to hours to days', () => {
    expect([119, 120, 2879, 2880].map((minutes) => age(minutes))).toEqual(['119 分', '2 小时', '47 小时', '2 天']);
  });
  it('are empty when there is none', () => {
    expect(clock(null)).toBe('');
    expect(clock('2026-11-24')).toBe('');
  });
});

describe('due', () => {
  it('says today and overdue in words', () => {
    expect(dueWords('2026-11-24', 0, '2026-11-24')?.main).toEqual({ id: 'due.today' });
    expect(dueWords('2026-11-23', -1, '2026-11-24')?.main).toEqual({ id: 'due.overdue', values: { n: 1 } });
  });
  it('gives the date and what is left otherwise', () => {
    expect(dueWords('2026-12-01', 5, '2026-11-24')).toEqual({ main: { text: '12-01' }, note: { id: 'due.left', values: { n: 5 } } });
    expect(dueWords(null, null, '2026-11-24')).toBeNull();
  });
});

describe('steps', () => {
  it('begin with the questions, go on with the papers, end with the prints', () => {
    expect(stepOf(newborn())).toBe(1);
    expect(stepOf(karaoke())).toBe(2);
    expect(stepOf(accepted())).toBe(4);
    expect(stepOf({ ...karaoke(), applicant: null })).toBe(1);
  });
  it('cannot be jumped over', () => {
    expect(reachedStep(newborn())).toBe(1);
    expect(reachedStep(karaoke())).toBe(3);
    expect(reachedStep(accepted())).toBe(4);
  });
  it('know when a scan runs', () => {
    const scan = { case_id: 'x', material: null, pages_kept: 0, percent: 0, words: null, code: null, look: null };
    expect(isScanning({ ...scan, state: 'page' })).toBe(true);
    expect(isScanning({ ...scan, state: 'watching', look: 'moving' })).toBe(true);
    expect(isScanning({ ...scan, state: 'finished' })).toBe(false);
    expect(isScanning(null)).toBe(false);
  });
});

describe('guidance', () => {
  it('marks only what an answer added', () => {
    expect([...grown(null, ['a', 'b'])]).toEqual([]);
    expect([...grown(['a'], ['a', 'b'])]).toEqual(['b']);
  });
  it('offers the numbers of a small range as keys', () => {
    expect(numberChoices(1, 3)).toEqual([1, 2, 3]);
    expect(numberChoices(1, 30)).toEqual([]);
    expect(numberChoices(null, 3)).toEqual([]);
  });
});

describe('papers', () => {
  it('begin at the paper with a fault', () => expect(firstPaper(newborn())).toBe('id_card_father'));
  it('look first at the value with an error', () => {
    const page = newborn().pages.find((each) => each.page_id === 'card-father') ?? null;
    expect(firstToCheck(page)?.field).toBe('father_id');
    expect(firstToCheck(null)).toBeNull();
  });
  it('walk findings before values, each once, and round', () => {
    const points = pointsOf(newborn());
    expect(points.map((point) => point.id)).toEqual(['finding f1', 'finding f2', 'value mother_name']);
    expect(nextPoint(points, null, 1)?.id).toBe('finding f1');
    expect(nextPoint(points, 'value mother_name', 1)?.id).toBe('finding f1');
    expect(nextPoint(points, 'finding f1', -1)?.id).toBe('value mother_name');
    expect(nextPoint([], null, 1)).toBeNull();
  });
  it('never ask for a look at what proves itself, unless something speaks against it', () => {
    const page = (evidence: 'proven' | 'read', finding: FindingView | null) => {
      const view = newborn();
      const pages = view.pages.map((each) => ({ ...each, readings: each.readings.map((reading) => ({ ...reading, confirmed: false, proven: evidence === 'proven', finding })) }));
      return { ...view, findings: [], pages };
    };
    const values = (view: CaseView) => pointsOf(view).length;
    expect(values(page('proven', null))).toBe(0);
    expect(values(page('proven', { ...checkDigit, severity: 'note' }))).toBe(0);
    expect(values(page('proven', { ...checkDigit, overridden: '原件清晰' }))).toBe(0);
    expect(values(page('proven', checkDigit))).toBe(8);
    expect(values(page('read', null))).toBe(8);
    expect(firstToCheck(page('proven', null).pages[2] ?? null)).toBeNull();
  });
  it('ask for a look at a page that was filed by guess, until a person files it', () => {
    const view = newborn();
    const guessed = { ...view, pages: view.pages.map((page) => (page.page_id === 'booklet-1' ? { ...page, guess_percent: 46 } : page)) };
    expect(pointsOf(guessed).map((point) => point.id)).toEqual(['finding f1', 'finding f2', 'guess booklet-1', 'value mother_name']);
    expect(pointsOf({ ...guessed, pages: guessed.pages.map((page) => ({ ...page, removed: page.page_id === 'booklet-1' })) }).map((point) => point.id)).not.toContain('guess booklet-1');
    expect(pageShape(guessed.pages[6]!, [])).toBe('ask');
    expect(pageShape(view.pages[6]!, [])).toBe('done');
  });
  it('leave out what a second person let pass', () => {
    const view = { ...newborn(), findings: [{ ...checkDigit, overridden: '原件清晰' }] };
    expect(pointsOf(view).some((point) => point.finding?.code === 'id-checksum' && point.id.startsWith('finding'))).toBe(false);
  });
  it('group pages by paper, then those without one, then those taken out', () => {
    const view = newborn();
    const pages = view.pages.map((page, at) => (at === 0 ? { ...page, removed: true } : at === 1 ? { ...page, material: null } : page));
    const groups = stripOf({ ...view, pages });
    expect(groups.map((group) => group.material ?? (group.removed ? 'removed' : 'unfiled'))).toEqual(['id_card_mother', 'id_card_father', 'hukou', 'unfiled', 'removed']);
    expect(groups.flatMap((group) => group.pages)).toHaveLength(view.pages.length);
  });
  it('take paths with quotes, several, and not without end', () => {
    expect(pathsOf(' "/media/stick/a b.pdf" ; file:///tmp/%E5%9B%BE.png\n')).toEqual(['/media/stick/a b.pdf', '/tmp/图.png']);
    expect(pathsOf('')).toEqual([]);
    expect(pathsOf(Array.from({ length: 80 }, (_, at) => `/f${at}`).join(';'))).toHaveLength(MOST_FILES);
  });
});

describe('acts on pages', () => {
  const after = (undo: CaseView['undo'], pages = newborn().pages): CaseView => ({ ...newborn(), revision: 12 + (undo?.revision ?? 0), undo, pages });
  const send = (open: OpenCase, view: CaseView) => open.act(() => Promise.resolve({ status: 'ok', data: view }));
  const told = () => notice.toasts.map((toast) => [toast.text, toast.undo !== undefined]);

  it('are told once each with the way back, whoever did them, and not again when they are undone', async () => {
    notice.toasts = [];
    const open = new OpenCase();
    open.show(after({ act: 'removed', revision: 3 }));
    expect(told()).toEqual([]);
    await send(open, after({ act: 'turned', revision: 12 }));
    await send(open, after({ act: 'turned', revision: 12 }));
    await send(open, after({ act: 'replaced', revision: 14 }));
    const both = [['已旋转', true], ['已用新扫的页换下旧页', true]];
    expect(told()).toEqual(both);
    await send(open, { ...after({ act: 'turned', revision: 12 }), revision: 30 });
    expect(told()).toEqual(both);
    await send(open, { ...after(null), revision: 31 });
    expect(told()).toEqual(both);
  });
  it('show what came in the place of a page that went out', () => {
    const open = new OpenCase();
    open.show(after(null));
    const papers = new DeskOfPapers(open);
    papers.choosePage('card-mother');
    const before = newborn().pages.map((page) => page.page_id);
    expect(papers.follow(before, before)).toBe(false);
    const pages = newborn().pages.flatMap((page) => (page.page_id === 'card-mother' ? [{ ...page, page_id: 'again' }, { ...page, removed: true }] : [page]));
    open.show(after(null, pages));
    const counted = pages.filter((page) => !page.removed).map((page) => page.page_id);
    expect(papers.follow(counted, before)).toBe(true);
    expect(papers.pageId).toBe('again');
    expect(papers.follow([...counted, 'other'], counted)).toBe(false);
  });
});

describe('review', () => {
  it('begins with what the check proposes', () => {
    expect(firstOutcome(outcomes(true))?.kind).toBe('accept');
    expect(firstOutcome(outcomes(false))?.kind).toBe('supplement');
    expect(firstOutcome([])).toBeNull();
  });
  it('asks for what is missing before the decision', () => {
    const [accept, , , refuse, notRequired] = outcomes(false) as [never, never, never, never, never];
    expect(missingFor(accept, { reason: null, text: '', undertaking: false })).toBe('review.missing.possible');
    expect(missingFor(refuse, { reason: null, text: '', undertaking: false })).toBe('review.missing.reason');
    expect(missingFor(refuse, { reason: 'not_competent', text: '', undertaking: false })).toBeNull();
    expect(missingFor(notRequired, { reason: null, text: ' ', undertaking: false })).toBe('review.missing.basis');
  });
  it('lists every deficiency at once', () => expect(deficiencies(karaoke())).toHaveLength(5));
  it('names the document of each outcome', () => {
    expect(documentOf('supplement')).toBe('supplement-notice');
    expect(documentOf('not_required')).toBeNull();
  });
});

describe('prints', () => {
  it('put the question about the tray first', () => expect(firstDocument(accepted().documents)?.document_id).toBe('d-2'));
  it('call a document printed only when a sheet was confirmed', () => {
    expect(accepted().documents.map(wasPrinted)).toEqual([true, false, false]);
    expect(accepted().documents.map(printState)).toEqual(['confirmed', 'uncertain', 'sent']);
  });
});

describe('hand-out', () => {
  const view = granted();
  const [licence, permit] = view.matters as [(typeof view.matters)[0], (typeof view.matters)[0]];
  it('asks for a blank, then looks at the sheet, then is done', () => {
    expect(phaseOf(view, licence)).toBe('serial');
    expect(phaseOf(view, permit)).toBe('waiting');
    const printed = { ...view, documents: [{ document_id: 'd', kind: 'business-licence', title: { zh: '', en: '' }, number: '', pages: 1, licence_of: licence.matter, prints: [{ print_id: 'p', copy_no: 0, state: 'confirmed' as const, words: null, at: null }] }] };
    expect(licenceOf(printed, licence)?.document_id).toBe('d');
    expect(phaseOf(printed, { ...licence, licence_printable: false })).toBe('look');
    expect(phaseOf(view, { ...licence, licence_printable: false })).toBe('hand');
    expect(phaseOf(view, { ...licence, state: 'delivered' })).toBe('done');
  });
  it('takes the next blank at once and any other only typed twice', () => {
    expect(serialSettled('YY000231', '', 'YY000231')).toBe(true);
    expect(serialSettled('YY000232', '', 'YY000231')).toBe(false);
    expect(serialSettled('YY000232', ' YY000232 ', 'YY000231')).toBe(true);
    expect(serialSettled('', '', null)).toBe(false);
  });
});

describe('lists', () => {
  it('keep what needs the clerk first when sorted by number', () => {
    const sorted = arranged(rows, true);
    expect(sorted.slice(0, 4).every((row) => row.needs_me)).toBe(true);
    expect(sorted.slice(0, 4).map((row) => row.ticket)).toEqual(['A017', 'B004', 'B006', 'V003']);
  });
  it('leave the order of the host alone otherwise', () => expect(arranged(rows, false)).toEqual(rows));
  it('match words, parts and initials', () => {
    expect(matches('nc', ['New case'])).toBe(true);
    expect(matches('办件', ['新办件'])).toBe(true);
    expect(matches('xyz', ['New case'])).toBe(false);
    expect(matches('  ', ['anything'])).toBe(true);
  });
});

it('shows the installer no place with cases', () => {
  expect(placesOf('installer')).toEqual(['devices']);
  expect(placesOf('supervisor')).not.toContain('intake');
});
