//! Papers of the karaoke company: articles, resolution, statement, equipment list, copy of a shareholder's card, licence.

use super::booklets::chinese_date;
use super::cards;
use super::fonts::Face;
use super::forms::sign;
use super::people::Cast;
use super::raster::Colour;
use super::sheet::{Area, Ink, Sheet};
use super::text_page::{Block, flow, page};
use super::{DrawOptions, Paper, PaperError, PaperKind};

/// Pages of the articles.
pub(super) const ARTICLES_PAGE_COUNT: u32 = 4;

const FRAME_GOLD: Colour = [170, 140, 84];

/// 公司章程; the shareholders sign the last page.
pub(super) fn articles(cast: &Cast, options: &DrawOptions) -> Result<Paper, PaperError> {
    let company = &cast.company;
    let mut sheet = page(PaperKind::CompanyArticles, options)?;
    let title = format!("{}章程", company.name);
    let capital = format!("{}", company.capital_wan());
    match options.page_no {
        ..=1 => {
            flow(
                &mut sheet,
                30.0,
                8.6,
                &[
                    Block::Title(&title),
                    Block::Heading("第一章　总则"),
                    Block::Text("第一条　为规范公司的组织和行为，保护公司、股东和债权人的合法权益，依照《中华人民共和国公司法》，由全体股东共同制定本章程。"),
                    Block::Text("第二条　本章程对公司、股东、执行董事、监事和经理具有约束力。章程与法律、行政法规不一致的，以法律、行政法规为准。"),
                    Block::Heading("第二章　公司名称、住所和经营范围"),
                    Block::Value("第三条　公司名称：", "enterprise_name", &company.name, "。"),
                    Block::Value("第四条　公司住所：", "address", &company.address, "。"),
                    Block::Value("第五条　经营范围：", "business_scope", &company.scope, ""),
                    Block::Heading("第三章　注册资本"),
                    Block::Value("第六条　公司注册资本为人民币", "registered_capital_wan", &capital, "万元，由全体股东认缴。"),
                ],
            );
        }
        2 => shareholder_page(&mut sheet, cast),
        3 => {
            flow(
                &mut sheet,
                30.0,
                8.6,
                &[
                    Block::Heading("第五章　组织机构"),
                    Block::Text(
                        "第十一条　股东会由全体股东组成，是公司的权力机构。股东会会议由股东按照出资比例行使表决权；修改章程、增减资本以及合并、分立、解散，须经代表三分之二以上表决权的股东通过。",
                    ),
                    Block::Text("第十二条　公司不设董事会，设执行董事一名，由股东会选举产生，任期三年，可以连任。执行董事召集股东会会议并执行股东会的决议。"),
                    Block::Text("第十三条　公司设经理一名，由执行董事聘任，负责日常经营，保证营业场所符合消防、卫生和噪声的要求。"),
                    Block::Text("第十四条　公司不设监事会，设监事一名，由股东会选举产生，检查公司财务，监督执行董事和经理履行职务。"),
                    Block::Heading("第六章　法定代表人"),
                    Block::Value(
                        "第十五条　公司的法定代表人由执行董事担任，现为",
                        "legal_rep_name",
                        &company.legal_representative.name,
                        "。",
                    ),
                    Block::Heading("第七章　财务、利润分配"),
                    Block::Text("第十六条　公司每一会计年度终了时编制财务会计报告，在下一年度的第一季度内送交各股东。利润按实缴的出资比例分配。"),
                ],
            );
        }
        _ => {
            let y = flow(
                &mut sheet,
                30.0,
                8.6,
                &[
                    Block::Heading("第八章　解散和清算"),
                    Block::Text("第十七条　公司因营业期限届满、股东会决议或者被依法吊销营业执照而解散的，应当在十五日内成立清算组，清算结束后办理注销登记。"),
                    Block::Heading("第九章　附则"),
                    Block::Text("第十八条　公司的营业期限为长期，自营业执照签发之日起计算。"),
                    Block::Text("第十九条　本章程一式三份，股东各执一份，报公司登记机关一份，自全体股东签名之日起生效。"),
                ],
            );
            sheet.text(34.4, y + 10.0, "全体股东签名：", Ink::song(4.2));
            for (at, (person, _)) in company.shareholders.iter().enumerate() {
                sign(&mut sheet, 70.0, y + 24.0 + at as f32 * 18.0, "股东：", &person.name, options);
            }
            sheet.text(150.0, y + 66.0, &chinese_date(cast.today), Ink::song(4.2).centred());
        }
    }
    Ok(sheet.into_paper())
}

fn shareholder_page(sheet: &mut Sheet, cast: &Cast) {
    let y = flow(
        sheet,
        30.0,
        8.6,
        &[
            Block::Heading("第四章　股东和出资"),
            Block::Text("第七条　股东的姓名、证件号码、认缴的出资额和出资方式如下，出资时间均为 2028 年 12 月 31 日以前："),
        ],
    );
    let widths = [26.0, 58.0, 40.0, 34.0];
    let mut top = y + 2.0;
    table_row(
        sheet,
        top,
        &widths,
        &["姓名", "公民身份号码", "认缴出资（万元）", "出资方式"].map(|text| ("", text.to_owned())),
    );
    for (at, (person, wan)) in cast.company.shareholders.iter().enumerate() {
        top += 10.0;
        let key = |name: &str| format!("shareholder_{}_{name}", at + 1);
        let (name, id, share) = (key("name"), key("id"), key("wan"));
        table_row(
            sheet,
            top,
            &widths,
            &[
                (&name, person.name.clone()),
                (&id, person.resident_id.clone()),
                (&share, wan.to_string()),
                ("", "货币".into()),
            ],
        );
    }
    flow(
        sheet,
        top + 18.0,
        8.6,
        &[
            Block::Text(
                "第八条　股东应当按期足额缴纳各自认缴的出资额，将货币出资存入公司在银行开设的账户。股东不按期缴纳的，除向公司足额缴纳外，还应当对给公司造成的损失承担赔偿责任。",
            ),
            Block::Text("第九条　公司成立后，向股东签发出资证明书，并置备股东名册，记载股东的姓名、住所、出资额和出资证明书编号。"),
            Block::Text(
                "第十条　股东之间可以相互转让其全部或者部分股权。股东向股东以外的人转让股权的，应当书面通知其他股东；其他股东在同等条件下有优先购买权，自接到通知之日起三十日内未答复的，视为放弃。",
            ),
        ],
    );
}

/// 任职文件: the shareholders elect director, manager and supervisor.
pub(super) fn resolution(cast: &Cast, options: &DrawOptions) -> Result<Paper, PaperError> {
    let company = &cast.company;
    let mut sheet = page(PaperKind::AppointmentResolution, options)?;
    let title = company.name.clone();
    let meeting = format!(
        "会议时间：{}，会议地点：{}。应到股东 {} 人，实到 {} 人，代表全部表决权。",
        chinese_date(cast.today),
        company.address,
        company.shareholders.len(),
        company.shareholders.len()
    );
    let y = flow(
        &mut sheet,
        32.0,
        9.4,
        &[
            Block::Title("股　东　会　决　议"),
            Block::Value("公司名称：", "enterprise_name", &title, ""),
            Block::Text(&meeting),
            Block::Text("经全体股东一致同意，就公司设立时的任职作出以下决议："),
            Block::Value(
                "一、选举执行董事、法定代表人：",
                "legal_rep_name",
                &company.legal_representative.name,
                "，任期三年；",
            ),
            Block::Value("　　公民身份号码：", "legal_rep_id", &company.legal_representative.resident_id, "；"),
            Block::Value("二、聘任经理：", "manager_name", &company.manager.name, "，任期三年；"),
            Block::Value("　　公民身份号码：", "manager_id", &company.manager.resident_id, "；"),
            Block::Value("三、选举监事：", "supervisor_name", &company.supervisor.name, "，任期三年；"),
            Block::Value("　　公民身份号码：", "supervisor_id", &company.supervisor.resident_id, "。"),
            Block::Text("以上人员的任职资格符合法律、行政法规的规定，不存在不得担任公司执行董事、监事、经理的情形。"),
        ],
    );
    for (at, (person, _)) in company.shareholders.iter().enumerate() {
        sign(&mut sheet, 90.0, y + 18.0 + at as f32 * 18.0, "股东签名：", &person.name, options);
    }
    sheet.text(150.0, y + 60.0, &chinese_date(cast.today), Ink::song(4.2).centred());
    Ok(sheet.into_paper())
}

/// 无禁入情形声明 of the legal representative (Regulation on Entertainment Venues, articles 4, 5 and 9).
pub(super) fn no_crime_statement(cast: &Cast, options: &DrawOptions) -> Result<Paper, PaperError> {
    let company = &cast.company;
    let person = &company.legal_representative;
    let mut sheet = page(PaperKind::NoCrimeStatement, options)?;
    let y = flow(
        &mut sheet,
        34.0,
        9.8,
        &[
            Block::Title("无禁入情形声明"),
            Block::Value("声明人：", "name", &person.name, ""),
            Block::Value("公民身份号码：", "resident_id", &person.resident_id, ""),
            Block::Value("拟设立的娱乐场所：", "enterprise_name", &company.name, ""),
            Block::Value("职　务：", "position", "法定代表人、执行董事", ""),
            Block::Text("本人知悉《娱乐场所管理条例》关于开办娱乐场所和在娱乐场所内从业的规定，现郑重声明："),
            Block::Text(
                "一、本人没有因该条例第五条所列的犯罪被判处刑罚，没有因犯罪被剥夺政治权利，没有因吸食、注射毒品被强制戒毒，也没有因卖淫、嫖娼被处以行政拘留。",
            ),
            Block::Text("二、本人不是文化主管部门、公安部门的工作人员，与上述人员没有夫妻、直系血亲、三代以内旁系血亲或者近姻亲关系。"),
            Block::Text("三、本人同意有关部门就以上内容向公安机关核查。声明如有不实，本人愿意承担由此产生的法律责任，包括撤销已经取得的许可。"),
        ],
    );
    sign(&mut sheet, 100.0, y + 20.0, "声明人签名：", &person.name, options);
    sheet.text(150.0, y + 36.0, &chinese_date(cast.today), Ink::song(4.2).centred());
    Ok(sheet.into_paper())
}

/// The equipment and song library of the karaoke system.
pub(super) fn audio_list(cast: &Cast, options: &DrawOptions) -> Result<Paper, PaperError> {
    const EQUIPMENT: [(&str, &str, &str); 10] = [
        ("点歌主机（机顶盒）", "YX-K6 型，每包厢一台", "12"),
        ("触摸点歌屏", "21.5 英寸，壁挂", "12"),
        ("功率放大器", "YX-A300，2 × 300 瓦", "12"),
        ("音箱", "YX-S10，10 英寸，成对", "14"),
        ("无线话筒", "U 段，一拖二", "14"),
        ("液晶电视", "55 英寸及 75 英寸", "13"),
        ("曲库服务器", "双机热备，8 TB", "2"),
        ("网络交换机", "24 口千兆", "3"),
        ("监控摄像机（出入口、通道）", "1080P，保存 30 日", "16"),
        ("声级计", "二级，经检定", "1"),
    ];
    let mut sheet = page(PaperKind::AudioList, options)?;
    let mut y = flow(
        &mut sheet,
        30.0,
        8.6,
        &[
            Block::Title("歌曲点播系统和音响设备清单"),
            Block::Value("单位名称：", "enterprise_name", &cast.company.name, ""),
            Block::Value("营业场所：", "address", &cast.company.address, ""),
            Block::Heading("一、设备"),
        ],
    );
    let widths = [14.0, 58.0, 62.0, 24.0];
    table_row(
        &mut sheet,
        y,
        &widths,
        &["序号", "名称", "型号和规格", "数量"].map(|text| ("", text.to_owned())),
    );
    for (at, (name, model, count)) in EQUIPMENT.iter().enumerate() {
        y += 10.0;
        let key = format!("equipment_{}_count", at + 1);
        table_row(
            &mut sheet,
            y,
            &widths,
            &[("", (at + 1).to_string()), ("", (*name).into()), ("", (*model).into()), (&key, (*count).into())],
        );
    }
    let y = flow(
        &mut sheet,
        y + 14.0,
        8.6,
        &[
            Block::Heading("二、曲库"),
            Block::Value("曲库来源：", "library_source", "云溪市听澜音像有限公司（正版授权，合同号 TL-2026-0118）", ""),
            Block::Value("曲目总数：", "song_count", "68420", "首，点播系统不与境外曲库联接。"),
        ],
    );
    sign(&mut sheet, 100.0, y + 12.0, "负责人签名：", &cast.company.manager.name, options);
    sheet.text(150.0, y + 26.0, &chinese_date(cast.today), Ink::song(4.2).centred());
    Ok(sheet.into_paper())
}

/// Copy of the first shareholder's card on one sheet, signed as being like the original.
pub(super) fn shareholder_id(cast: &Cast, options: &DrawOptions) -> Result<Paper, PaperError> {
    let shareholder = cast
        .company
        .shareholders
        .first()
        .map_or(&cast.company.legal_representative, |(person, _)| person);
    let mut sheet = page(PaperKind::ShareholderId, options)?;
    sheet.text(105.0, 30.0, "股东身份证明", Ink::new(Face::SongBold, 7.0).spaced(1.0).centred());
    sheet.text(105.0, 42.0, "（自然人股东居民身份证复印件）", Ink::song(4.0).centred());
    for (top, card) in [
        (60.0, cards::portrait_side(shareholder, options)?),
        (124.0, cards::emblem_side(shareholder, options)?),
    ] {
        let area = Area::new(62.2, top, 85.6, 54.0);
        sheet.paste_copy(&card, area);
        sheet.frame(area, 0.2, [120, 120, 120]);
    }
    sheet.text(40.0, 196.0, "本复印件仅用于公司设立登记，与原件一致。", Ink::song(4.2));
    sign(&mut sheet, 90.0, 214.0, "股东签名：", &shareholder.name, options);
    sheet.text(150.0, 230.0, &chinese_date(cast.today), Ink::song(4.2).centred());
    Ok(sheet.into_paper())
}

/// 营业执照副本 in the landscape form of 2019, with a QR code to an address that does not exist.
pub(super) fn business_licence(cast: &Cast, options: &DrawOptions) -> Result<Paper, PaperError> {
    let company = &cast.company;
    let mut sheet = Sheet::new(PaperKind::BusinessLicence, options, [253, 251, 245])?;
    sheet.guilloche(Area::new(14.0, 14.0, 269.0, 182.0), 56, [226, 208, 170], 0.3);
    sheet.frame(Area::new(10.0, 10.0, 277.0, 190.0), 1.4, FRAME_GOLD);
    sheet.frame(Area::new(12.6, 12.6, 271.8, 184.8), 0.3, FRAME_GOLD);
    sheet.circle((148.5, 31.0), 12.0, 0.4, FRAME_GOLD, Some(48));
    sheet.text(148.5, 27.6, "样张", Ink::hei(4.6).colour(FRAME_GOLD).centred());
    sheet.text(148.5, 33.4, "SPECIMEN", Ink::hei(2.4).colour(FRAME_GOLD).centred());
    sheet.text(148.5, 46.0, "营 业 执 照", Ink::new(Face::SongBold, 13.0).spaced(2.0).centred());
    sheet.text(148.5, 62.6, "（副　本）　1-1", Ink::song(5.0).centred());
    sheet.text(24.0, 24.0, "统一社会信用代码", Ink::new(Face::HeiBold, 3.6));
    sheet.field("credit_code", 24.0, 30.0, &company.credit_code, Ink::hei(4.6).spaced(0.2));
    let web = format!("https://gsxt.example.invalid/q?uniscid={}", company.credit_code);
    sheet.qr((238.0, 21.0), 26.0, &web)?;
    sheet.paragraph(
        230.0,
        49.6,
        44.0,
        3.9,
        "扫描二维码了解登记、备案、许可、监管信息（示例，不可访问）",
        Ink::song(2.7),
    );
    licence_columns(&mut sheet, cast);
    sheet.text(186.0, 160.0, "登记机关", Ink::new(Face::SongBold, 5.0).spaced(1.0));
    sheet.seal((240.0, 163.0), 40.0, "云溪市市场监督管理局", "登记专用章");
    let area = sheet.text(258.0, 180.6, &chinese_date(company.founded), Ink::song(4.8).right());
    sheet.note_field("issued_on", &company.founded.to_string(), area);
    sheet.text(20.0, 189.4, "国家企业信用信息公示系统网址：（示例）", Ink::song(3.0));
    sheet.text(277.0, 189.4, "国家市场监督管理总局监制", Ink::song(3.0).right());
    Ok(sheet.into_paper())
}

fn licence_columns(sheet: &mut Sheet, cast: &Cast) {
    let company = &cast.company;
    let founded = chinese_date(company.founded);
    let capital = format!("人民币 {} 万元整", company.capital_wan());
    let left = [
        ("名　　　称", "name", company.name.as_str(), company.name.as_str()),
        ("类　　　型", "kind", "有限责任公司（自然人投资或控股）", "有限责任公司（自然人投资或控股）"),
        (
            "法定代表人",
            "legal_representative",
            &company.legal_representative.name,
            &company.legal_representative.name,
        ),
        ("经 营 范 围", "scope", &company.scope, &company.scope),
    ];
    let founded_iso = company.founded.to_string();
    let capital_value = format!("{}万元", company.capital_wan());
    let right = [
        ("注 册 资 本", "registered_capital", capital_value.as_str(), capital.as_str()),
        ("成 立 日 期", "founded_on", &founded_iso, &founded),
        ("住　　　所", "address", &company.address, &company.address),
    ];
    for (x, width, rows) in [(24.0, 92.0, &left[..]), (164.0, 82.0, &right[..])] {
        let mut y = 82.0;
        for (label, key, value, printed) in rows {
            sheet.text(x, y, label, Ink::new(Face::SongBold, 4.2));
            let (area, below) = sheet.paragraph(x + 28.0, y, width, 7.2, printed, Ink::song(4.3));
            sheet.note_field(key, value, area);
            y = below + 6.0;
        }
    }
}

fn table_row(sheet: &mut Sheet, y: f32, widths: &[f32; 4], cells: &[(&str, String); 4]) {
    let mut x = 26.0;
    for (width, (key, text)) in widths.iter().zip(cells) {
        let area = Area::new(x, y, *width, 10.0);
        sheet.frame(area, 0.25, [70, 74, 80]);
        let ink = Ink::song(3.7).centred();
        if key.is_empty() {
            sheet.text_in(area, text, ink);
        } else {
            sheet.field_in(key, area, text, ink);
        }
        x += width;
    }
}
