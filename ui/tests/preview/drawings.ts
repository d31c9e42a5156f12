// Papers drawn for the preview: an identity card, a booklet page, a form, a notice. Synthetic people only.

const CARD = `<rect width="856" height="540" rx="28" fill="#eef4f4"/><g font-family="Noto Sans CJK SC" font-size="26" fill="#41718f">
<text x="60" y="92">姓名</text><text x="60" y="160">性别</text><text x="230" y="160">民族</text><text x="60" y="226">出生</text><text x="60" y="296">住址</text><text x="60" y="470">公民身份号码</text></g>
<g font-family="Noto Sans CJK SC" font-size="32" fill="#16191c"><text x="140" y="94">周予川</text><text x="140" y="162" font-size="28">男</text><text x="310" y="162" font-size="28">汉</text><text x="148" y="228" font-size="26">1994   年  8   月  23 日</text>
<text x="140" y="298" font-size="27">云溪市南塘街道听泉路</text><text x="140" y="338" font-size="27">18号2幢601室</text><text x="252" y="472" font-family="Noto Sans Mono" font-size="36">330302199408239996</text></g>
<rect x="564" y="66" width="232" height="300" fill="#dfe6e6"/><circle cx="680" cy="190" r="66" fill="#b4c0c6"/><path d="M580 366q0-106 100-106t100 106z" fill="#8e9ca4"/>`;
const BOOKLET = `<rect width="1240" height="874" fill="#fbf7ea"/><g stroke="#3a3a3a" fill="none">${Array.from({ length: 9 }, (_, row) => `<rect x="80" y="${90 + row * 80}" width="1080" height="80"/>`).join('')}</g>
<g font-family="Noto Sans CJK SC" font-size="28" fill="#16191c"><text x="100" y="142">户主姓名　周予川</text><text x="100" y="222">户号　330302014477</text><text x="100" y="302">住址　云溪市南塘街道听泉路18号2幢601室</text></g>`;
const FORM = `<rect width="1240" height="1754" fill="#fff"/><g font-family="Noto Serif CJK SC" fill="#16191c"><text x="620" y="180" font-size="52" text-anchor="middle">综合申请表</text>${Array.from({ length: 16 }, (_, row) => `<rect x="120" y="${260 + row * 80}" width="1000" height="80" fill="none" stroke="#444"/>`).join('')}</g>`;
const NOTICE = `<rect width="1240" height="1754" fill="#fff"/><g font-family="Noto Serif CJK SC" fill="#16191c" font-size="34"><text x="1120" y="140" font-size="30" text-anchor="end">云行受〔2026〕第001024号</text><text x="620" y="240" font-size="60" text-anchor="middle" letter-spacing="12">受理通知书</text>
<text x="120" y="340">苏念安：</text><text x="190" y="400">你提交的“新生儿出生一件事”申请，材料齐全，</text><text x="120" y="460">符合法定形式，予以受理。</text>${['办件编号　330302-01-003-20261124-0017-7', '收件、受理日期　2026年11月24日', '事项　出生医学证明等6项', '承诺时限　5工作日', '最迟办结　2026年12月1日', '结果送达　邮寄'].map((text, row) => `<rect x="120" y="${520 + row * 76}" width="1000" height="76" fill="none" stroke="#444"/><text x="140" y="${570 + row * 76}">${text}</text>`).join('')}<text x="120" y="1300">经办人：沈青</text><text x="120" y="1360">2026年11月24日</text></g>`;

// What a document camera sees: a dark table and the card on it, a little askew.
const CAMERA = `<rect width="960" height="720" fill="#4a3a2e"/><path d="M0 160q480-40 960 10M0 420q480-60 960-10M0 640q480-20 960 20" stroke="#54432f" stroke-width="6" fill="none"/><g transform="translate(170 150) rotate(2) scale(0.74)">${CARD}</g>`;

interface Drawing {
  width: number;
  height: number;
  body: string;
}
const DRAWINGS: Record<string, Drawing> = {
  card: { width: 856, height: 540, body: CARD },
  booklet: { width: 1240, height: 874, body: BOOKLET },
  form: { width: 1240, height: 1754, body: FORM },
  camera: { width: 960, height: 720, body: CAMERA },
  notice: { width: 1240, height: 1754, body: NOTICE },
};

/** The picture behind an address; the page's id begins with what is drawn. */
export function drawn(address: string): string {
  const url = new URL(address, 'http://preview.invalid');
  const [, , , page = '', kind = ''] = url.pathname.split('/');
  const drawing = DRAWINGS[page.split('-')[0] ?? ''] ?? (['document', 'preview'].includes(page) ? DRAWINGS['notice'] : DRAWINGS['form']) ?? { width: 1, height: 1, body: '' };
  const view = kind === 'snippet' ? `${url.searchParams.get('x')} ${url.searchParams.get('y')} ${url.searchParams.get('w')} ${url.searchParams.get('h')}` : `0 0 ${drawing.width} ${drawing.height}`;
  const [, , width, height] = view.split(' ');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${view}" width="${width}" height="${height}">${drawing.body}</svg>`;
}
