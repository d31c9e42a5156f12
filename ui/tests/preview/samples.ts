// Sample views, in the shape of the contract. People and numbers are made up.

import type {
  Alert, CaseView, ChecklistItem, DayView, Disposition, DocumentView, FieldView, FindingView, LawfulView, MatterView, OfferView, OutcomeView, PageView, PaperState, QuestionView, ReadingView, SafeTrack, VisitView, WorklistRow, Words,
} from '../../src/host/bindings';

export const w = (zh: string, en = zh): Words => ({ zh, en });

const waiting: SafeTrack = { here: 'full', centre: 'open', words: w('已存本机，中心待送', 'safe on this PC, waiting for the centre') };
const received: SafeTrack = { here: 'full', centre: 'full', words: w('中心已收 14:56', 'received by the centre 14:56') };

const question = (key: string, zh: string, en: string, noteZh: string, noteEn: string, options: [string, string, string][]): QuestionView => ({
  question: key, text: w(zh, en), note: w(noteZh, noteEn), options: options.map(([value, a, b]) => ({ value, label: w(a, b) })), min: null, max: null, answer: null, known_from: null,
});

export const questions: QuestionView[] = [
  question('g1', '宝宝随父亲还是母亲落户？', 'Register with father or mother?', '决定派出所和要交的户口簿', 'Decides the police station and the booklet', [['mother', '随母亲', 'Mother'], ['father', '随父亲', 'Father']]),
  question('g2', '父母是否已登记结婚？', 'Are the parents married?', '已登记的不用交结婚证', 'If so no certificate is needed', [['yes', '是', 'Yes'], ['no', '否', 'No']]),
  question('g3', '宝宝是否在本市助产机构出生？', 'Born in a hospital of this city?', '在本市出生的，出生医学证明一并签发', 'If so the birth certificate is issued here', [['yes', '是', 'Yes'], ['no', '否', 'No']]),
  question('g4', '母亲是否参加职工生育保险？', 'Is the mother insured as employee?', '参保的同时办理生育待遇', 'If so the benefit is handled too', [['yes', '是', 'Yes'], ['father', '否，父亲参保', 'No, the father is'], ['neither', '均未参保', 'Neither']]),
  question('g5', '父母一方是否为港澳台居民或外国人？', 'Is one parent from Hong Kong, Macao, Taiwan or abroad?', '如是，转公安窗口人工办理', 'If so the police counter handles it', [['yes', '是', 'Yes'], ['no', '否', 'No']]),
  { question: 'g6', text: w('是否双胞胎或多胞胎？', 'Twins or more?'), note: w('每个宝宝填一份新生儿信息', 'One set of data for each child'), options: [], min: 1, max: 3, answer: null, known_from: null },
];

const matter = (key: string, zh: string, en: string, depZh: string, depEn: string, promisedZh: string, promisedEn: string, depth: number): MatterView => ({
  matter: key, name: w(zh, en), department: w(depZh, depEn), promised: w(promisedZh, promisedEn), after: [], depth, state: '', state_words: w('', ''), due: '2026-12-01', reason: null, licence_no: null, licence_printable: false, licence_copyable: false, next_blank: null, blank: null, window: null, decidable_here: false,
});
export const matters: MatterView[] = [
  matter('birth_certificate', '出生医学证明签发', 'Birth medical certificate', '卫生健康局', 'Health', '30 分钟', '30 min', 0),
  matter('vaccination', '预防接种证办理', 'Vaccination certificate', '卫生健康局', 'Health', '30 分钟', '30 min', 1),
  matter('household', '出生登记（落户）', 'Birth registration', '公安局', 'Police', '1 小时', '1 h', 1),
  matter('medical_insurance', '居民医保参保登记', 'Medical insurance enrolment', '医疗保障局', 'Healthcare Security', '30 分钟', '30 min', 2),
  matter('citizen_card', '社会保障卡申领', 'Citizen card', '人社局', 'Social Security', '5 工作日', '5 working days', 2),
];
export const maternity = matter('maternity_benefit', '生育保险待遇支付', 'Maternity benefit', '医疗保障局', 'Healthcare Security', '5 工作日', '5 working days', 1);

const paper = (material: string, zh: string, en: string, role: [string, string] | null, disposition: Disposition, state: PaperState, noteZh: string, noteEn: string, pages: string[] = [], tolerance = false): ChecklistItem => ({
  material, name: w(zh, en), role: role ? w(...role) : null, disposition, state, note: w(noteZh, noteEn), why: w('用来核对监护人身份，公安和医保共用。可用电子证照代替。', 'Shows who the guardian is, for police and insurance. An electronic certificate may stand for it.'), tolerance, matters: 3, pages, pages_expected: 2, mark: null,
});

const need = (key: string, zh: string, en: string, on = false) => ({ need: key, words: w(zh, en), on });
/** A guardian who needs large print, one consent open. */
export const visit: VisitView = {
  representative: { kind: 'guardian', name: '苏念安', id_number: '330324199605129988', phone: '13800000000', authority: '出生医学证明' },
  needs: [need('large_print', '大字', 'Large print', true), need('sign_language', '手语', 'Sign language'), need('read_aloud', '朗读', 'Read aloud'), need('wheelchair', '轮椅', 'Wheelchair'), need('interpreter', '翻译', 'Interpreter'), need('assisted_service', '帮办', 'Assisted'), need('priority', '优先', 'Priority')],
  consents: [{ consent: 'child-data', text: w('同意为办理本事项使用未满十四周岁儿童的信息', 'Consents to the use of data of a child under 14 for this matter'), by: w('监护人', 'guardian'), source: w('《个人信息保护法》第二十八条、第三十一条', 'Personal Information Protection Law, arts. 28 and 31'), given: false, by_signature: false }],
  rating: { possible: false, rated: false, reasons: [{ value: 'speed', label: w('办理速度', 'Speed') }, { value: 'attitude', label: w('服务态度', 'Attitude') }, { value: 'once', label: w('一次告知清楚', 'Told everything at once') }] },
};
export const lawful: LawfulView = { receivable: true, deemed: null, revocable: false, withdrawable: true, deemed_by: null, revoked_for: null };

const finding = (id: string, code: string, severity: FindingView['severity'], subject: Words, what: Words, remedy: Words, more: Partial<FindingView> = {}): FindingView => ({
  id, code, severity, material: null, page_id: null, field: null, subject, what, remedy, tell: what, basis: null, overridable: false, second_person: true, overridden: null, tolerable: false, ...more,
});
export const checkDigit = finding('f1', 'id-checksum', 'error', w('父亲身份证', 'Father’s ID card'), w('校验位不符：按前 17 位应为 5，识别为 6。', 'Check digit: 5 expected, 6 read.'), w('请对照原件。识别有误就改正；原件确为 6，请让申请人改交其他身份证明。', 'Compare with the card. Misread: correct it. Card really shows 6: ask for another proof of identity.'), {
  material: 'id_card_father', page_id: 'card-father', field: 'father_id', overridable: true,
});
const glare = finding('f2', 'page-glare', 'warning', w('母亲身份证', 'Mother’s ID card'), w('人像面反光，压住住址。', 'Glare covers the address.'), w('请放平、避开灯光，按 Shift F5 重扫。', 'Lay it flat, away from the lamp, Shift F5.'), { material: 'id_card_mother', page_id: 'card-mother', tolerable: false });

const EVIDENCE: Readonly<Record<string, Words>> = {
  ocr_only: w('仅由识别得出，请对照原件', 'read only; compare with the paper'),
  check_digit: w('校验码相符', 'its check digit is right'),
  other_document: w('与出生医学证明上的一致', 'agrees with the Birth medical certificate'),
};
const reading = (tag: number, key: string, label: Words, value: string, region: [number, number, number, number], field: string | null, confirmed: boolean, wrong: FindingView | null = null, evidence = 'ocr_only'): ReadingView => ({
  tag, key, label, value, evidence, evidence_words: EVIDENCE[evidence] ?? EVIDENCE['ocr_only']!, proven: evidence !== 'ocr_only' && evidence !== 'other_document', region: { x: region[0], y: region[1], w: region[2], h: region[3] }, finding: wrong, field, confirmed,
});
const page = (id: string, material: string | null, sequence: number, more: Partial<PageView> = {}): PageView => ({
  page_id: id, picture: id, material, sequence, verdict: 'usable', verdict_words: w('本页可用', 'Page is usable'), width_px: 856, height_px: 540, dpi: 300, width_mm: 85.6, height_mm: 54, skew_deg: 0.4, readings: [], reading: false, looks_like: null, guess_percent: null, corners: null, removed: false, origin: 'Virtual eSCL', ...more,
});
const form = { width_px: 1240, height_px: 1754, width_mm: 210, height_mm: 297 };
const booklet = { width_px: 1240, height_px: 874, width_mm: 210, height_mm: 148 };
const fatherReadings = [
  reading(1, 'name', w('姓名', 'Name'), '周予川', [122, 58, 130, 52], 'father_name', true),
  reading(2, 'sex', w('性别', 'Sex'), '男', [122, 130, 52, 44], 'father_sex', true),
  reading(3, 'ethnic', w('民族', 'Ethnic'), '汉', [292, 130, 56, 44], null, true),
  reading(4, 'birth', w('出生', 'Born'), '1994-08-23', [132, 198, 330, 44], 'father_birth', true),
  reading(5, 'address', w('住址', 'Address'), '云溪市南塘街道听泉路18号2幢601室', [124, 264, 420, 90], 'household_address', true),
  reading(6, 'resident_id', w('公民身份号码', 'ID number'), '330302199408239996', [238, 432, 560, 62], 'father_id', false, checkDigit),
];
/** Of the mother's values one proves itself by its check digit and one by it; the name is to be looked at. */
const motherReadings = [
  reading(1, 'name', w('姓名', 'Name'), '苏念安', [122, 58, 130, 52], 'mother_name', false, null, 'other_document'),
  reading(2, 'birth', w('出生', 'Born'), '1996-05-12', [132, 198, 330, 44], 'mother_birth', false, null, 'agreement'),
  reading(3, 'resident_id', w('公民身份号码', 'ID number'), '330324199605129988', [238, 432, 560, 62], 'mother_id', false, null, 'check_digit'),
];
export const pages: PageView[] = [
  page('form-1', 'app_form', 1, form), page('form-2', 'app_form', 2, form),
  page('card-mother', 'id_card_mother', 3, { verdict: 'glare', verdict_words: w('反光压住住址，放平后按 Shift F5 重扫', 'Glare covers the address; lay it flat, Shift F5'), corners: [{ x: 900, y: 1250 }, { x: 8850, y: 900 }, { x: 9050, y: 8600 }, { x: 1100, y: 8950 }], readings: motherReadings }),
  page('card-mother2', 'id_card_mother', 4),
  page('card-father', 'id_card_father', 5, { readings: fatherReadings }), page('card-father2', 'id_card_father', 6),
  page('booklet-1', 'hukou', 7, booklet), page('booklet-2', 'hukou', 8, booklet),
];
const MASKS: Record<string, string> = { 'resident-id': '6-8-4', date: 'date', datetime: 'datetime', integer: 'integer', money: 'money', address: 'address', phone: 'phone', 'bank-card': '4-4-4-4-3' };
const field = (key: string, zh: string, en: string, kind: string, value: string, group: Words, more: Partial<FieldView> = {}): FieldView => ({
  field: key, label: w(zh, en), kind, options: [], required: true, value, source: value === '' ? 'empty' : 'typed', page_id: null, confirmed: value !== '', proven: false, finding: null, group, hint: null, unit: kind === 'integer' ? w('克', 'g') : null, mask: MASKS[kind] ?? '', max_chars: 64, min: null, max: null, sensitive: false, ...more,
});
const child = w('新生儿', 'Newborn');
const father = w('父亲', 'Father');
export const fields: FieldView[] = [
  field('child_name', '宝宝姓名', 'Child’s name', 'name', '周知夏', child),
  field('child_sex', '宝宝性别', 'Child’s sex', 'choice', '', child, { options: [{ value: 'F', label: w('女', 'female') }, { value: 'M', label: w('男', 'male') }] }),
  field('birth_time', '出生时间', 'Time of birth', 'datetime', '2026-11-09T03:26', child),
  field('birth_weight_g', '体重（克）', 'Weight (g)', 'integer', '', child),
  field('father_name', '父亲姓名', 'Father’s name', 'name', '周予川', father, { source: 'page', page_id: 'card-father' }),
  field('father_sex', '父亲性别', 'Father’s sex', 'text', '男', father, { source: 'page', page_id: 'card-father' }),
  field('father_birth', '父亲出生', 'Father born', 'date', '1994-08-23', father, { source: 'page', page_id: 'card-father' }),
  field('father_id', '父亲身份号码', 'Father’s ID number', 'resident-id', '330302199408239996', father, { source: 'page', page_id: 'card-father', confirmed: false, finding: checkDigit }),
  field('household_address', '落户地址', 'Household address', 'address', '云溪市南塘街道听泉路18号2幢601室', father, { source: 'page', page_id: 'card-father' }),
  field('mother_name', '母亲姓名', 'Mother’s name', 'name', '苏念安', w('母亲', 'Mother'), { source: 'page', page_id: 'card-mother', confirmed: false }),
  field('mother_birth', '母亲出生', 'Mother born', 'date', '1996-05-12', w('母亲', 'Mother'), { source: 'page', page_id: 'card-mother', confirmed: false, proven: true }),
  field('mother_id', '母亲身份号码', 'Mother’s ID number', 'resident-id', '330324199605129988', w('母亲', 'Mother'), { source: 'page', page_id: 'card-mother', confirmed: false, proven: true }),
  field('guardian_phone', '监护人电话', 'Guardian’s phone', 'mobile', '13800000000', w('联系', 'Contact'), { source: 'shared' }),
  field('delivery_address', '邮寄地址', 'Postal address', 'address', '', w('联系', 'Contact')),
];
export const checklist: ChecklistItem[] = [
  paper('app_form', '综合申请表', 'Integrated application form', null, 'required', 'ok', '2 页 · 已签字', '2 pages · signed', ['form-1', 'form-2']),
  paper('id_card_mother', '居民身份证', 'Resident ID card', ['母亲', 'mother'], 'required', 'to_check', '2 面 · 人像面反光', '2 sides · glare on portrait side', ['card-mother', 'card-mother2']),
  paper('id_card_father', '居民身份证', 'Resident ID card', ['父亲', 'father'], 'required', 'finding', '2 面 · 1 处待核对', '2 sides · 1 value to check', ['card-father', 'card-father2']),
  paper('hukou', '居民户口簿', 'Household booklet', ['随父落户', 'father’s'], 'required', 'ok', '2 页', '2 pages', ['booklet-1', 'booklet-2']),
  paper('photo', '新生儿照片', 'Photo of the newborn', null, 'required', 'todo', '未扫 · 可容缺', 'to scan · may follow', [], true),
  paper('marriage_cert', '结婚登记信息', 'Marriage registration', null, 'shared', 'shared_queued', '', ''),
  paper('birth_vac_rec', '首针接种登记', 'First vaccination record', null, 'shared', 'shared_confirmed', '', ''),
  paper('discharge', '出院记录', 'Discharge summary', null, 'shared', 'shared_queued', '', ''),
  paper('birth_form', '出生证首次签发登记表', 'Birth certificate form', null, 'form', 'not_needed', '', ''),
  paper('birth_cert', '出生医学证明', 'Birth medical certificate', null, 'internal', 'not_needed', '', ''),
  paper('id_copy', '监护人身份证复印件', 'Copy of guardian’s ID', null, 'waived', 'not_needed', '', ''),
];

export const outcomes = (complete: boolean): OutcomeView[] => [
  { kind: 'accept', label: w('受理', 'Accept'), possible: complete, proposed: complete, note: complete ? w('5 份材料齐全', 'All 5 papers complete') : w('缺主要材料 3 份', '3 main papers missing'), reasons: [], prints: [w('收件凭证', 'Receipt slip'), w('受理通知书', 'Acceptance notice'), w('领证凭证', 'Pick-up slip')] },
  { kind: 'accept_conditional', label: w('容缺受理', 'Conditional'), possible: false, proposed: false, note: complete ? w('没有缺的材料', 'Nothing is missing') : w('主要材料不齐', 'Main papers missing'), reasons: [], prints: [] },
  { kind: 'supplement', label: w('补正告知', 'Supplement'), possible: !complete, proposed: !complete, note: complete ? w('没有要补正的', 'Nothing to supplement') : w('5 处一次告知', 'All 5 points at once'), reasons: [], prints: [w('补正告知书', 'Supplement notice')] },
  { kind: 'refuse', label: w('不予受理', 'Refuse'), possible: true, proposed: false, note: w('须选理由', 'A reason is needed'), reasons: [
    { reason: 'not_competent', words: w('不属本中心职权', 'Outside our competence'), basis: '行政许可法第三十二条第（二）项', right_body: w('区公安分局', 'District police') },
    { reason: 'false_papers', words: w('材料虚假', 'Papers are false'), basis: '行政许可法第七十八条', right_body: null },
  ], prints: [w('不予受理通知书', 'Refusal notice')] },
  { kind: 'not_required', label: w('无需许可', 'Not required'), possible: true, proposed: false, note: w('须写依据', 'The basis is needed'), reasons: [], prints: [] },
];

export const deficient: FindingView[] = [
  finding('d1', 'paper-missing', 'error', w('内部结构平面图', 'Floor plan'), w('未提交。', 'Not handed in.'), w('交 1 份，标明包厢、通道和使用面积。', 'One copy with rooms, passages and area.'), { material: 'floor_plan', basis: '清单第 11 项' }),
  finding('d2', 'pages-missing', 'error', w('房屋租赁合同', 'Tenancy contract'), w('缺第 6 页，双方签字页。', 'Page 6 with the signatures is missing.'), w('补扫签字页，或交全本原件。', 'Scan it, or hand in the whole.'), { material: 'tenancy', basis: '清单第 8 项' }),
  finding('d3', 'signature-missing', 'error', w('无禁入情形声明', 'Statement that no bar applies'), w('负责人未签字。', 'Not signed.'), w('负责人本人签字。', 'To be signed in person.'), { basis: '娱乐场所管理条例第九条', overridable: true }),
  finding('d4', 'paper-missing', 'warning', w('歌曲点播系统说明', 'Song system description'), w('未提交。', 'Not handed in.'), w('写明设备型号和曲库来源。', 'Name model and source.'), { tolerable: true }),
  finding('d5', 'paper-missing', 'warning', w('任职文件', 'Appointment'), w('未提交。', 'Not handed in.'), w('交股东会决议，股东签字。', 'Resolution signed by the shareholders.'), { tolerable: true }),
];

const doc = (id: string, kind: string, title: Words, number: string, state: DocumentView['prints'][number]['state'] | null, words: Words | null = null): DocumentView => ({
  document_id: id, kind, title, number, pages: 1, licence_of: null, prints: state ? [{ print_id: `p-${id}`, copy_no: 0, state, words, at: state === 'confirmed' ? '2026-11-24T14:59:12' : null }] : [],
});
export const documents: DocumentView[] = [
  doc('d-1', 'receipt-slip', w('收件凭证', 'Receipt slip'), '', 'confirmed'),
  doc('d-2', 'pickup-slip', w('领证凭证', 'Pick-up slip'), '', 'uncertain'),
  doc('d-3', 'acceptance-notice', w('受理通知书', 'Acceptance notice'), '云行受〔2026〕第001024号', 'sent', w('打印机缺纸。装 A4 纸后自动接着印，已出的不重印。', 'Out of paper. Load A4; printing goes on, nothing is printed twice.')),
];

export function newborn(): CaseView {
  return {
    offers: [], case_id: 'case-a017', case_no: '330302-01-003-20261124-0017-7', revision: 12, ticket: 'A017', bundle_id: 'newborn', bundle: w('新生儿出生一件事', 'Birth of a child'), quiet: false, state: 'draft', state_words: w('草稿', 'Draft'), editable: true,
    applicant: { kind: 'person', name: '苏念安', id_number: '330324199605129988', phone: '13800000000', agent: null },
    questions: questions.map((each, at) => ({ ...each, answer: ['father', 'yes', 'yes'][at] ?? null })), questions_open: 3, guidance_stop: null, matters, checklist, papers_before: 29, papers_required: 5, papers_ok: 2, pages, undo: null, fields, findings: [checkDigit, glare], outcomes: outcomes(true), due: '2026-12-01', alert: 'green', supplement_until: '2026-12-15', documents: [], safe: waiting,
    way: [
      { step: 'safe_here', words: w('已存本机', 'Safe on this PC'), done: true, at: '2026-11-24T14:59:03' },
      { step: 'received', words: w('中心待送', 'Waiting for the centre'), done: false, at: null },
      { step: 'with_department', words: w('部门办理', 'With the departments'), done: false, at: null },
      { step: 'decided', words: w('办结', 'Decided'), done: false, at: null },
    ],
    sent_back: null, pickup_code: null, visit, lawful, catalogue_version: '2026.1',
  };
}

const offer = (kind: string, zh: string, en: string, asks: OfferView['asks'] = [], about: Words = w('', '')): OfferView => ({ kind, matter: null, title: w(zh, en), about, asks });
const ask = (key: string, zh: string, en: string, required = true, value = ''): OfferView['asks'][number] => ({ ask: key, label: w(zh, en), options: [], required, value });
/** More than there are digits. */
const offers: OfferView[] = [
  offer('special-procedure-notice', '特别程序告知书', 'Notice of a special procedure', [
    ask('procedure', '程序', 'Procedure'), ask('reason', '原因', 'Reason'), ask('begins', '起始日期', 'Begins', true, '2026-11-25'), ask('days', '所需工作日', 'Working days'), ask('approver', '批准人', 'Approved by'), ask('remark', '备注', 'Remark', false),
  ], w('出生医学证明签发', 'Birth medical certificate')),
  offer('extension-notice', '延期通知书', 'Notice of an extension', [ask('reason', '延期事由', 'Reason')], w('随父落户', 'Household registration')),
  offer('grant-decision', '准予行政许可决定书', 'Decision to grant', [ask('basis', '依据', 'Basis')]), offer('refusal-decision', '不予行政许可决定书', 'Decision to refuse', [ask('basis', '依据', 'Basis')]),
  offer('payment-note', '缴款通知', 'Payment note', [ask('account', '账号', 'Account')]), offer('proof-of-delivery', '送达回证', 'Proof of delivery', [ask('receiver', '受送达人', 'Receiver')]),
  offer('withdrawal-receipt', '撤回申请回执', 'Receipt of withdrawal', [ask('reason', '撤回原因', 'Reason given', false)]), offer('rating-slip', '评价码', 'Rating code'), offer('pickup-slip', '领证凭证', 'Pick-up slip'), offer('guide-list', '一次性告知单', 'List of what to bring'),
];

export function accepted(): CaseView {
  return { ...newborn(), offers, case_id: 'case-a018', ticket: 'A018', questions_open: 0, state: 'accepted', state_words: w('已受理', 'Accepted'), editable: false, documents, findings: [], pickup_code: '482913', matters: matters.map((each) => ({ ...each, state: 'in_review', state_words: w('审查中', 'In review') })) };
}

export function karaoke(): CaseView {
  return {
    ...newborn(), case_id: 'case-b006', ticket: 'B006', bundle_id: 'karaoke', bundle: w('开办歌舞娱乐场所一件事', 'Opening a karaoke bar'), case_no: '330302-01-003-20261124-0009-7', questions_open: 0, findings: deficient, outcomes: outcomes(false), papers_ok: 5, papers_required: 10,
    applicant: { kind: 'organisation', name: '星隅歌舞娱乐（筹）', id_number: '92330302MA2XXXXX1K', phone: '13800000001', agent: '滕予安' },
    checklist: [
      paper('floor_plan', '内部结构平面图', 'Floor plan', null, 'required', 'todo', '未交', 'missing'), paper('tenancy', '房屋租赁合同', 'Tenancy contract', null, 'required', 'finding', '缺第 6 页，签字页', 'page 6 missing'),
      paper('no_crime_decl', '无禁入情形声明', 'Statement that no bar applies', null, 'required', 'finding', '负责人未签字', 'not signed'), paper('audio_list', '歌曲点播系统说明', 'Song system', null, 'required', 'may_follow', '未交，可容缺', 'may follow', [], true),
      paper('app_form', '综合申请表', 'Application form', null, 'required', 'ok', '1 页', '1 page'), paper('id_card', '居民身份证', 'Resident ID card', ['3 人', '3 persons'], 'required', 'ok', '6 面', '6 sides'), paper('articles', '公司章程', 'Articles of association', null, 'required', 'ok', '4 页', '4 pages'), ...checklist.slice(5),
    ],
  };
}

export function granted(): CaseView {
  const base = karaoke();
  return {
    ...base, case_id: 'case-b004', ticket: 'B004', state: 'ready', state_words: w('待领取', 'Ready'), editable: false, findings: [], pickup_code: '771204',
    matters: [
      { ...matter('business_licence', '营业执照', 'Business licence', '市场监管局', 'Market Regulation', '1 工作日', '1 working day', 0), state: 'granted', licence_copyable: true, state_words: w('准予', 'Granted'), licence_no: '92330302MA2XXXXX1K', licence_printable: true, next_blank: 'YY000231' },
      { ...matter('entertainment_permit', '娱乐经营许可证', 'Entertainment permit', '文旅局', 'Culture', '5 工作日', '5 working days', 1), state: 'in_review', state_words: w('审查中', 'In review') },
    ],
    documents: [],
  };
}

const row = (id: string, ticket: string, bundle: Words, applicant: string, state: string, stateWords: Words, note: Words, due: string | null, left: number | null, alert: Alert, safe: SafeTrack, next: Words, mine: boolean): WorklistRow => ({
  case_id: id, case_no: `330302-01-003-20261124-${ticket.slice(1).padStart(4, '0')}-7`, ticket, bundle, applicant, state, state_words: stateWords, note, due, days_left: left, alert, safe, next, needs_me: mine, counter: '03', clerk: '沈青', age_min: 21,
});
const birth = w('新生儿出生一件事', 'Birth of a child');
export const rows: WorklistRow[] = [
  row('case-b006', 'B006', w('开办歌舞娱乐场所一件事', 'Opening a karaoke bar'), '星隅歌舞娱乐（筹）', 'supplement', w('待补正', 'Supplement'), w('已补交 2 份，待核对', '2 papers came in'), '2026-12-09', 11, 'green', received, w('核对补交材料', 'Check papers'), true),
  row('case-a017', 'A017', birth, '苏*安', 'draft', w('草稿', 'Draft'), w('材料 2 / 5，14:31 暂存', 'papers 2 of 5'), null, null, 'none', waiting, w('继续受理', 'Go on'), true),
  row('case-b004', 'B004', w('企业开办一件事', 'Starting a business'), '拾光文具（筹）', 'ready', w('待领取', 'Ready'), w('营业执照可制证', 'licence to print'), '2026-11-26', 2, 'yellow', received, w('发证', 'Hand out'), true),
  row('case-v003', 'V003', w('身后一件事', 'After a death'), '简*凡', 'received', w('已收件', 'Received'), w('证明打印结果未知', 'print result unknown'), '2026-11-24', 0, 'orange', waiting, w('查看出纸盘', 'Look in the tray'), true),
  row('case-a018', 'A018', birth, '祝*禾', 'accepted', w('已受理', 'Accepted'), w('6 项并行办理', '6 matters in parallel'), '2026-12-01', 5, 'green', waiting, w('等待中', 'waiting'), false),
  row('case-d005', 'D005', w('退休一件事', 'Retirement'), '计*兰', 'suspended', w('特别程序', 'Suspended'), w('档案核查，时限中止', 'file check'), null, null, 'none', received, w('等待中', 'waiting'), false),
  row('case-a006', 'A006', w('社会保障卡申领', 'Citizen card'), '郁*青', 'in_review', w('审查中', 'In review'), w('人社局', 'Social Security'), '2026-11-23', -1, 'red', received, w('等待中', 'waiting'), false),
];

/** A day with a blank under the printer and a draft left. */
export const day = (): DayView => ({
  day: '2026-11-24',
  papers: [],
  cases: [
    { code: 'opened', words: w('开件', 'opened'), count: 9 }, { code: 'accepted', words: w('受理', 'accepted'), count: 7 },
    { code: 'accepted_conditional', words: w('容缺受理', 'accepted conditionally'), count: 1 }, { code: 'supplement', words: w('补正告知', 'supplement told'), count: 1 },
    { code: 'refused', words: w('不予受理', 'refused'), count: 0 }, { code: 'not_required', words: w('不受理（无需许可）', 'no licence needed'), count: 0 },
    { code: 'withdrawn', words: w('撤回', 'withdrawn'), count: 0 }, { code: 'handed_over', words: w('交付结果', 'results handed over'), count: 3 },
  ],
  documents: [
    { kind: 'receipt-slip', title: w('收件凭证', 'Receipt for Papers'), made: 8, originals: 8, duplicates: 1, spoiled: 0, unknown: 0 },
    { kind: 'acceptance-notice', title: w('受理通知书', 'Notice of Acceptance'), made: 8, originals: 8, duplicates: 0, spoiled: 1, unknown: 0 },
    { kind: 'business-licence', title: w('营业执照', 'Business Licence'), made: 2, originals: 2, duplicates: 0, spoiled: 1, unknown: 0 },
  ],
  blanks: [
    { kind: 'business_licence', name: w('营业执照', 'Business Licence'), opening: 50, received: 0, used: 2, spoiled: 1, returned: 0, booked: 1, closing: 46, serials: '33YY000235–33YY000280' },
    { kind: 'entertainment_permit', name: w('娱乐经营许可证', 'Entertainment Permit'), opening: 24, received: 0, used: 1, spoiled: 0, returned: 0, booked: 0, closing: 23, serials: '33YL000018–33YL000040' },
  ],
  points: [
    { code: 'blank_open', words: w('空白证照 33YY000234 在打印机下，还没有看过。请到出件核对。', 'Blank 33YY000234 was taken and nobody has looked at it. Settle it under Hand out.'), blocks: true, case_id: 'case-a018' },
    { code: 'drafts', words: w('1 个草稿留到明天。', '1 drafts stay for tomorrow.'), blocks: false, case_id: null },
  ],
  can_close: false,
  closed: null,
});

/** The same day, settled and signed. */
export const closedDay = (): DayView => ({
  ...day(),
  blanks: day().blanks.map((blank) => ({ ...blank, used: blank.used + blank.booked, booked: 0 })),
  points: day().points.filter((point) => !point.blocks),
  can_close: true,
  closed: { at: '2026-11-24T17:36:00', clerk: '沈青（0307）', supervisor: '罗明远（0012）', number: 1, print: 'confirmed', words: null },
});
