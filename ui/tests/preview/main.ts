// A made-up host for looking at the window: enough memory to click through intake, nothing that could be mistaken for the desk.
// `?as=clerk|supervisor|installer` signs in; `?case=<id>` opens a case.

import { emit } from '@tauri-apps/api/event';
import { mockIPC } from '@tauri-apps/api/mocks';
import axe from 'axe-core';

import type { CaseView, CommandFault, Role, StartView, StatusView } from '../../src/host/bindings';
import { accepted, closedDay, day, granted, karaoke, maternity, matters, newborn, rows, w } from './samples';

const wanted = new URLSearchParams(location.search);
const people = [
  { staff_no: '0311', name: '凌子墨', role: 'clerk' as Role, pin: '311311' },
  { staff_no: '0307', name: '沈青', role: 'clerk' as Role, pin: '307307' },
  { staff_no: '0012', name: '罗明远', role: 'supervisor' as Role, pin: '120012' },
  { staff_no: '9001', name: '安装员', role: 'installer' as Role, pin: '900190' },
];
let session = people.find((person) => person.role === wanted.get('as')) ?? null;
if (wanted.get('as') === 'clerk') session = people[1] ?? null;
let locked = false;
const cases = new Map<string, CaseView>([newborn(), accepted(), karaoke(), granted()].map((view) => [view.case_id, view]));

const start = (): StartView => ({
  version: '0.1.0', branch: w('南塘分中心', 'Nantang branch'), counter_id: '330302-01-003', counter_label: '03', roster_until: '2026-11-27', roster_valid: true, demo_staff: people, demo: true, store_note: null, broken: null,
  opening: wanted.get('start') === 'opening' ? 42 : null, passphrase_needed: wanted.get('start') === 'sealed',
  session: session && { staff_no: session.staff_no, name: session.name, role: session.role }, locked,
});
const status = (): StatusView => ({
  at: '2026-11-24T14:57:03', business_date: '2026-11-24', store: { state: 'safe', free_mb: 48000, words: null },
  centre: { state: 'waiting', waiting_entries: 41, waiting_cases: 3, waiting_pages: 10, last_answer_at: '2026-11-24T14:19:58', silent_since: '2026-11-24T14:20:00' },
  scanner: { state: 'ready', words: null },
  printer: wanted.get('printer') === 'empty' ? { state: 'needs_hand', words: w('打印机缺纸，装纸后自动继续', 'Printer out of paper; goes on when loaded') } : { state: 'ready', words: null },
  inbox: wanted.get('inbox') ? { files: Number(wanted.get('inbox')), words: null } : null,
  clock: wanted.get('clock') === 'back' ? w('电脑时钟慢了约 62 分钟。时间暂按上次记录往后走；请值班长核对后确认。', 'The PC’s clock is some 62 min behind. Time goes on from the last record; a supervisor has to look and confirm.') : null,
  restored: wanted.get('restored') === 'branch' ? w('本机恢复过旧备份，发现前又记了第 812 至 846 条，已另作一支送中心。其间发出的受理号、证照号、空白证照可能与之前重号：请主管在审计中核对，并通知安装员。', 'An old backup was restored, and entries 812 to 846 were written before that was noticed; they go to the centre as a branch. Case numbers, licence numbers and blanks given in between may have been given before: the supervisor compares them in the audit view and tells the installer.') : null,
});
const fault = (code: string, zh: string, en: string): CommandFault => ({ kind: 'refusal', code, what: w(zh, en), remedy: w('请核对后再试。', 'Check and try again.') });

function change(id: string, by: (view: CaseView) => Partial<CaseView>): CaseView {
  const view = cases.get(id) ?? newborn();
  const next = { ...view, ...by(view), revision: view.revision + 1 };
  cases.set(id, next);
  void emit('case-news', { case_id: id, revision: next.revision });
  return next;
}

type Given = Record<string, never> & { caseId: string; field: string; value: string; question: string; answer: string | null; material: string | null; pageId: string; request: { kind: string } };

function confirmField(view: CaseView, field: string): Partial<CaseView> {
  return {
    fields: view.fields.map((each) => (each.field === field ? { ...each, confirmed: true } : each)),
    pages: view.pages.map((page) => ({ ...page, readings: page.readings.map((reading) => (reading.field === field ? { ...reading, confirmed: true } : reading)) })),
  };
}

const COMMANDS: Record<string, (given: Given) => unknown> = {
  get_start: start,
  get_status: status,
  sign_in: (given) => {
    session = people.find((person) => person.staff_no === (given['staffNo'] as string)) ?? null;
    if (!session || session.pin !== (given['pin'] as string)) throw { kind: 'denied', code: 'wrong-pin', what: w('工号或口令不对。', 'Staff number or PIN is wrong.'), remedy: w('请再输入一次。', 'Type it again.') } satisfies CommandFault;
    return start().session;
  },
  sign_out: () => ((session = null), null),
  lock: () => ((locked = true), null),
  unlock: () => ((locked = false), start().session),
  list_cases: (given) => ({ rows: (given['filter'] as string) === 'ready' ? rows.filter((row) => row.state === 'ready') : rows, counts: { mine: 4, today: 7, supplement: 1, ready: 1, returned: 0 } }),
  find_cases: (given) => rows.filter((row) => `${row.ticket}${row.case_no}${row.applicant}`.toLowerCase().includes((given['query'] as string).toLowerCase())),
  search_bundles: () => [
    { bundle: 'newborn', name: w('新生儿出生一件事', 'Birth of a child'), summary: w('6 个事项，4 个部门，最快 2 小时', '6 matters, 4 departments, 2 hours'), papers_before: 29, papers_after: 5 },
    { bundle: 'karaoke', name: w('开办歌舞娱乐场所一件事', 'Opening a karaoke bar'), summary: w('8 个事项，6 个部门，15 工作日', '8 matters, 6 departments, 15 working days'), papers_before: 43, papers_after: 10 },
  ],
  get_day: () => (wanted.get('day') === 'closed' ? closedDay() : day()),
  receive_blanks: () => day(),
  check_licence: () => ({ holds: true, reason: '', words: w('有效：由登记的机关签发，内容未被改动。', 'Valid: signed by an office on the list and unchanged.'), lines: [{ label: w('编号', 'Number'), value: w('92330302MAYYYY016L') }, { label: w('持证人', 'Holder'), value: w('云江市星隅歌舞娱乐有限公司') }], as_of: '2026-11-24T14:19:58' }),
  close_day: () => closedDay(),
  open_case: () => {
    const view: CaseView = { ...newborn(), case_id: 'case-new', ticket: '0021', applicant: null, pages: [], findings: [], questions: newborn().questions.map((each) => ({ ...each, answer: null })), questions_open: 6 };
    cases.set(view.case_id, view);
    return view;
  },
  get_case: (given) => cases.get(given.caseId) ?? { ...newborn(), case_id: given.caseId, ticket: rows.find((row) => row.case_id === given.caseId)?.ticket ?? '' },
  set_applicant: (given) => change(given.caseId, () => ({ applicant: given['applicant'] })),
  answer_question: (given) =>
    change(given.caseId, (view) => {
      const questions = view.questions.map((each) => (each.question === given.question ? { ...each, answer: given.answer } : each));
      const benefit = questions.find((each) => each.question === 'g4')?.answer;
      return { questions, questions_open: questions.filter((each) => each.answer === null).length, matters: benefit && benefit !== 'neither' ? [...matters, maternity] : matters };
    }),
  set_field: (given) =>
    change(given.caseId, (view) => {
      const mended = given.field === 'father_id' && given.value.endsWith('5');
      return {
        fields: view.fields.map((each) => (each.field === given.field ? { ...each, value: given.value, source: 'typed' as const, finding: mended ? null : each.finding } : each)),
        findings: mended ? view.findings.filter((each) => each.field !== 'father_id') : view.findings,
        pages: mended ? view.pages.map((page) => ({ ...page, readings: page.readings.map((reading) => (reading.field === 'father_id' ? { ...reading, finding: null } : reading)) })) : view.pages,
      };
    }),
  confirm_field: (given) => change(given.caseId, (view) => confirmField(view, given.field)),
  confirm_clear_fields: (given) => change(given.caseId, (view) => ({ pages: view.pages.map((page) => (page.page_id === given.pageId ? { ...page, readings: page.readings.map((reading) => (reading.finding ? reading : { ...reading, confirmed: true })) } : page)) })),
  scan_into: (given) => {
    const scan = (state: string, percent: number, kept: number) => emit('scan-news', { case_id: given.caseId, material: given.material, state, pages_kept: kept, percent, words: null, code: null, look: null });
    if (wanted.get('camera')) {
      const see = (look: string, kept: number) => emit('scan-news', { case_id: given.caseId, material: given.material, state: 'watching', pages_kept: kept, percent: 0, words: null, code: null, look });
      void see(wanted.get('camera') ?? 'moving', wanted.get('camera') === 'taken' ? 3 : 0);
      return null;
    }
    void scan('page', 62, 0);
    const pause = Number(wanted.get('scan') ?? 1500);
    setTimeout(() => {
      change(given.caseId, (view) => ({ pages: [...view.pages, { ...newborn().pages[6]!, page_id: `booklet-${view.pages.length + 1}`, material: given.material, sequence: view.pages.length + 1 }] }));
      void scan('finished', 100, 1);
    }, pause);
    return null;
  },
  rescan_page: (given) => {
    setTimeout(() => void emit('scan-news', { case_id: given.caseId, material: null, state: 'finished', pages_kept: 1, percent: 100, words: null, code: null, look: null }), 300);
    return change(given.caseId, (view) => {
      const old = view.pages.findIndex((page) => page.page_id === given.pageId);
      const pages = view.pages.map((page, at) => (at === old ? { ...page, removed: true } : page));
      return { pages: pages.toSpliced(old, 0, { ...view.pages[old]!, page_id: `again-${view.revision}`, verdict: 'usable', verdict_words: w('本页可用', 'Page is usable') }), undo: { act: 'replaced', revision: view.revision } };
    });
  },
  undo_page_act: (given) => change(given.caseId, () => ({ undo: null, pages: newborn().pages })),
  cancel_scan: (given) => (void emit('scan-news', { case_id: given.caseId, material: null, state: 'cancelled', pages_kept: 0, percent: 0, words: null, code: null, look: null }), cases.get(given.caseId)),
  take_shot: () => null,
  aim_camera: () => null,
  assign_page: (given) => change(given.caseId, (view) => ({ pages: view.pages.map((page) => (page.page_id === given.pageId ? { ...page, material: given.material, guess_percent: null } : page)), undo: { act: 'filed', revision: view.revision } })),
  remove_page: (given) => change(given.caseId, (view) => ({ undo: { act: 'removed', revision: view.revision }, pages: view.pages.map((page) => (page.page_id === given.pageId ? { ...page, removed: true } : page)) })),
  restore_page: (given) => change(given.caseId, (view) => ({ pages: view.pages.map((page) => (page.page_id === given.pageId ? { ...page, removed: false } : page)) })),
  turn_page: (given) => change(given.caseId, (view) => ({ undo: { act: 'turned', revision: view.revision } })),
  crop_page: (given) => change(given.caseId, (view) => ({ undo: { act: 'cropped', revision: view.revision } })),
  reset_page: (given) => change(given.caseId, () => ({})),
  split_page: (given) => change(given.caseId, () => ({})),
  join_pages: (given) => change(given.caseId, () => ({})),
  move_page: (given) => change(given.caseId, (view) => ({ undo: { act: 'moved', revision: view.revision } })),
  mark_material: (given) => change(given.caseId, (view) => ({ checklist: view.checklist.map((each) => (each.material === given.material ? { ...each, mark: given['mark'], state: given['mark'] ? ('shared_confirmed' as const) : each.state } : each)) })),
  decide_outcome: (given) => change(given.caseId, () => ({ state: 'accepted', state_words: w('已受理', 'Accepted'), editable: false, documents: accepted().documents, pickup_code: '482913' })),
  preview_document: () => ({ token: 'token', pages: 1, title: w('受理通知书', 'Acceptance notice') }),
  print_document: (given) => change(given.caseId, () => ({})),
  answer_print: (given) => change(given.caseId, (view) => ({ documents: view.documents.map((each) => ({ ...each, prints: each.prints.map((print) => ({ ...print, state: print.state === 'uncertain' ? ('confirmed' as const) : print.state })) })) })),
  issue_licence: (given) =>
    change(given.caseId, (view) => ({
      matters: view.matters.map((each, at) => (at === 0 ? { ...each, licence_printable: false } : each)),
      documents: [{ document_id: 'd-9', kind: 'business-licence', title: w('营业执照', 'Business licence'), number: '', pages: 1, licence_of: view.matters[0]?.matter ?? null, prints: [{ print_id: 'p-9', copy_no: 0, state: 'confirmed', words: null, at: '2026-11-24T15:20:00' }] }],
    })),
  settle_blank: (given) => change(given.caseId, () => ({})),
  hand_over: (given) => change(given.caseId, (view) => ({ matters: view.matters.map((each, at) => (at === 0 ? { ...each, state: 'delivered' } : each)) })),
  override_finding: (given) => change(given.caseId, (view) => ({ findings: view.findings.filter((each) => each.id !== (given['findingId'] as string)) })),
  send_back: (given) => change(given.caseId, () => ({ sent_back: { by: '罗明远', reason: given['reason'] } })),
  get_history: () => [
    { at: '2026-11-24T14:31:02', staff: '沈青', words: w('开办件：新生儿出生一件事', 'Case opened: birth of a child'), event: 'opened' },
    { at: '2026-11-24T14:40:11', staff: '沈青', words: w('收到第 5 页，父亲身份证', 'Page 5 kept, father’s ID card'), event: 'page_kept' },
  ],
  list_audit: () => ({
    total: 1204,
    rows: [
      { seq: 1204, at: '2026-11-24T14:56:31', business_date: '2026-11-24', staff_no: '0307', staff: '沈青', role: 'clerk', case_no: '330302010032026112400017', event: 'accepted', words: w('受理', 'Accepted') },
      { seq: 1203, at: '2026-11-24T14:56:02', business_date: '2026-11-24', staff_no: '0012', staff: '罗明远', role: 'supervisor', case_no: '330302010032026112400017', event: 'finding_overridden', words: w('放行 id-checksum：已核对原件', 'id-checksum let pass: original seen') },
      { seq: 1198, at: '2026-11-24T14:51:40', business_date: '2026-11-24', staff_no: 'desk', staff: 'desk', role: 'system', case_no: null, event: 'number_taken', words: w('取号 case/2026-11-24 17', 'Number taken: case/2026-11-24 17') },
      { seq: 1190, at: '2026-11-24T07:48:12', business_date: '2026-11-24', staff_no: '0307', staff: '沈青', role: 'clerk', case_no: null, event: 'signed_in', words: w('登录', 'Signed in') },
    ],
  }),
  run_self_test: () => ({
    at: '2026-11-24T07:48:00',
    checks: [
      { check: 'disk', name: w('本机存储', 'Disk'), verdict: 'ok', measured: '48 GB 可用', limit: '不少于 2 GB', remedy: null },
      { check: 'clock', name: w('时钟', 'Clock'), verdict: 'ok', measured: '相差 0.4 秒', limit: '不超过 60 秒', remedy: null },
      { check: 'key_store', name: w('密钥', 'Keys'), verdict: 'ok', measured: '已封存', limit: '可打开', remedy: null },
      { check: 'scanner', name: w('扫描仪', 'Scanner'), verdict: 'warning', measured: '反光 3.2%', limit: '不超过 2%', remedy: w('把右侧灯转开约 30°，或将高拍仪左移一掌再测。', 'Turn the right lamp away, or move the camera to the left.') },
      { check: 'printer', name: w('打印机', 'Printer'), verdict: 'failed', measured: '没有应答', limit: '10 秒内应答', remedy: w('检查电源和网线，再按 Shift F5。', 'Check power and cable, then Shift F5.') },
      { check: 'centre', name: w('中心线路', 'Line to the centre'), verdict: 'skipped', measured: '14:20 起无应答', limit: '不影响开窗', remedy: null },
    ],
  }),
  list_scanners: () => [{ id: 'airscan:e0:Virtual eSCL', name: 'Virtual eSCL', chosen: true }, { id: 'test:0', name: 'Noname frontend-tester', chosen: false }],
  inspect_scanner: (given) => {
    const offer = (source: string, dpi: number[], papers = ['card', 'a5', 'a4', 'whole'], colours = ['colour', 'gray']) => ({ source, colours, dpi, papers });
    const able = {
      flatbed: [offer('flatbed', [150, 300, 600])],
      simplex: [offer('auto', [300]), offer('flatbed', [150, 300, 600]), offer('feeder', [200, 300], undefined, ['gray']), offer('fronts', [200, 300], undefined, ['gray'])],
      office: ['auto', 'flatbed', 'feeder', 'both', 'fronts'].map((source) => offer(source, [150, 200, 300, 400, 600], ['card', 'a5', 'a4', 'a3', 'whole'])),
    };
    const named = (given['scanner'] as string | null) ?? 'airscan:e0:Virtual eSCL';
    if (named.startsWith('escl:') && named.endsWith('99')) throw fault('no-scanner-at-address', `${named.slice(5)} 没有扫描仪应答。`, `No scanner answers at ${named.slice(5)}.`);
    const scanner = named.startsWith('escl:') && !named.includes('://') ? `escl:http://${named.slice(5)}/eSCL` : named;
    if (wanted.get('scanner') === 'silent') throw fault('unreachable', '扫描仪没有应答', 'The scanner does not answer');
    const device = scanner === 'test:0' ? 'simplex' : ((wanted.get('scanner') ?? 'office') as keyof typeof able);
    return { scanner, camera: false, sources: able[device] };
  },
  ui_mark: () => null,
  list_regions: (given) => (given['parent'] === null ? [{ code: '330000', name: w('浙江省', 'Zhejiang'), more: true }, { code: '110000', name: w('北京市', 'Beijing'), more: false }, { code: '310000', name: w('上海市', 'Shanghai'), more: false }] : given['parent'] === '330000' ? [{ code: '330300', name: w('温州市', 'Wenzhou'), more: true }, { code: '330400', name: w('嘉兴市', 'Jiaxing'), more: true }] : [{ code: '330302', name: w('鹿城区', 'Lucheng'), more: false }, { code: '330303', name: w('龙湾区', 'Longwan'), more: false }]),
  set_representative: (given) => change(given.caseId, (view) => ({ visit: { ...view.visit, representative: given['representative'] } })),
  set_needs: (given) => change(given.caseId, (view) => ({ visit: { ...view.visit, needs: view.visit.needs.map((need) => ({ ...need, on: (given['needs'] as string[]).includes(need.need) })) } })),
  give_consent: (given) => change(given.caseId, (view) => ({ visit: { ...view.visit, consents: view.visit.consents.map((each) => ({ ...each, given: given['given'] as boolean })) } })),
  rate_case: (given) => change(given.caseId, (view) => ({ visit: { ...view.visit, rating: { ...view.visit.rating, possible: false, rated: true } } })),
  receive_case: (given) => change(given.caseId, () => ({ state: 'received', state_words: w('已收件', 'Papers received') })),
  apply_deemed: (given) => change(given.caseId, () => ({})),
  revoke_acceptance: (given) => change(given.caseId, () => ({})),
  decide_here: (given) => change(given.caseId, () => ({})),
  get_board: () => ({
    figures: { drafts: 3, received_today: 146, supplement: 9, unsent: 38, due: 4, overdue: 1 },
    counters: [{ counter: '330302-01-003', label: '03', clerk: '沈青', today: 13, unsent: 4, heard_at: '2026-11-24T14:57:00' }, { counter: '330302-01-004', label: '04', clerk: '凌子墨', today: 16, unsent: null, heard_at: null }],
    cases: rows,
    waiting: [{ ...rows[1]!, note: w('公民身份号码校验不符，请求放行', 'ID check digit, asks to let it pass') }, { ...rows[0]!, note: w('再次补正，新材料带出新问题', 'Second notice: new papers, new problem') }],
  }),
};

mockIPC(
  (command, given) => {
    const answer = COMMANDS[command];
    if (!answer) throw fault('unknown-command', `没有命令 ${command}`, `No command ${command}`);
    return answer((given ?? {}) as Given);
  },
  { shouldMockEvents: true },
);
(window as unknown as { __TAURI_INTERNALS__: { convertFileSrc: () => string } }).__TAURI_INTERNALS__.convertFileSrc = () => '/papers/';
Object.assign(window, { axe });

if (wanted.get('host') !== 'silent') setInterval(() => void emit('status-news', { status: status() }), 1000);

const { openCase } = await import('../../src/features/case/open-case.svelte');
const { place } = await import('../../src/routes/place.svelte');
await import('../../src/main');
const shown = wanted.get('case');
if (shown) {
  setTimeout(() => {
    void openCase.open(shown, (Number(wanted.get('step')) || undefined) as 1 | 2 | 3 | 4 | undefined).then(() => place.go('intake'));
  }, 300);
}
const guessed = wanted.get('guess');
if (guessed) for (const [id, view] of cases) cases.set(id, { ...view, pages: view.pages.map((page) => (page.page_id === guessed ? { ...page, guess_percent: 46 } : page)) });
const unread = Number(wanted.get('unread') ?? 0);
if (unread > 0) for (const [id, view] of cases) cases.set(id, { ...view, pages: view.pages.map((page, n) => (n < unread ? { ...page, reading: true } : page)) });
if (wanted.get('held')) setTimeout(() => void emit('tauri://drag-enter', { paths: ['/home/clerk/card.jpg'], position: { x: 700, y: 300 } }), 1500);
const at = wanted.get('at');
if (at) setTimeout(() => place.go(at as 'desk'), 300);
