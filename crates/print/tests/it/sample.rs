//! Synthetic cases to print. Nobody in them exists.

use onewindow_print::{
    Agent, Applicant, CertificateLine, CopyNote, Dates, DeficiencyLine, Delivery, DocumentData, DocumentKind, Language, LicenceFields, MaterialLine,
    MatterLine, OutstandingLine, Refusal,
};
use time::macros::{date, datetime};

use crate::sample_acts::{benefit, commitment, day_sheet, grant, guide, hand_over, payment, procedure, refused, service, tenancy, ticket};

/// What each kind of document says: the karaoke bar, or what else the document is for.
pub(crate) fn data_for(kind: DocumentKind, language: Language) -> DocumentData {
    let mut data = karaoke(language);
    match kind {
        DocumentKind::ToleranceCommitment => data.outstanding = outstanding(language),
        DocumentKind::RefusalDecision => data.decision = Some(refused(language)),
        DocumentKind::NotRequiredNote => {
            set_reason(
                &mut data,
                "",
                pick(
                    language,
                    "《中华人民共和国行政许可法》第三十二条第一款第一项",
                    "Administrative Licensing Law, article 32 (1)",
                ),
            );
        }
        DocumentKind::WithdrawalReceipt => {
            set_reason(
                &mut data,
                &pick(language, "申请人改变经营计划", "the applicant changed the plan"),
                String::new(),
            );
        }
        DocumentKind::RevocationDecision => {
            let reason = pick(
                language,
                "承诺补交的场所内部结构平面图逾期没有提交。",
                "The floor plan that was promised was not brought in time.",
            );
            set_reason(
                &mut data,
                &reason,
                pick(
                    language,
                    "容缺受理承诺书和省级规定第十一条",
                    "the signed commitment and article 11 of the provincial rules",
                ),
            );
        }
        DocumentKind::DaySheet | DocumentKind::HandOverList | DocumentKind::GuideList => {
            data.case_number.clear();
            data.document_number.clear();
            data.qr_text.clear();
        }
        DocumentKind::EntertainmentPermit => {
            if let Some(licence) = &mut data.licence {
                licence.number = "330302260099".into();
                licence.authority = pick(language, "云江市文化广电旅游局", "Yunjiang Culture and Tourism Bureau");
                licence.kind = pick(language, "歌舞娱乐场所", "Karaoke venue");
                licence.scope = pick(language, "歌舞娱乐（卡拉OK包厢28间）", "Karaoke and dance, 28 rooms");
            }
        }
        DocumentKind::FoodLicence => {
            if let Some(licence) = &mut data.licence {
                licence.number = "JY23303020000078".into();
                licence.kind = pick(language, "餐饮服务经营者", "Catering");
            }
        }
        DocumentKind::TenancyProof => {
            if let Some(licence) = &mut data.licence {
                licence.number = "FC3303022600003".into();
                licence.authority = pick(language, "云江市住房和城乡建设局", "Yunjiang Housing and Construction Bureau");
                licence.area = pick(language, "89.60平方米", "89.60 square metres");
            }
        }
        DocumentKind::QueueTicket
        | DocumentKind::ReceiptSlip
        | DocumentKind::ReceiptSlipRoll
        | DocumentKind::AcceptanceNotice
        | DocumentKind::Commitment
        | DocumentKind::SupplementNotice
        | DocumentKind::RefusalNotice
        | DocumentKind::DeemedWithdrawalNote
        | DocumentKind::SpecialProcedureNotice
        | DocumentKind::ExtensionNotice
        | DocumentKind::GrantDecision
        | DocumentKind::PaymentNote
        | DocumentKind::PaymentDecision
        | DocumentKind::PickupSlip
        | DocumentKind::ProofOfDelivery
        | DocumentKind::RatingSlip
        | DocumentKind::BusinessLicenceOriginal
        | DocumentKind::BusinessLicence => {}
    }
    data
}

fn set_reason(data: &mut DocumentData, reason: &str, basis: String) {
    if let Some(refusal) = &mut data.refusal {
        reason.clone_into(&mut refusal.reason);
        refusal.basis = basis;
    }
}

pub(crate) fn pick(language: Language, zh: &str, en: &str) -> String {
    match language {
        Language::Zh => zh.to_owned(),
        Language::En => en.to_owned(),
    }
}

/// A karaoke bar that is being opened: everything that any document may ask for.
pub(crate) fn karaoke(language: Language) -> DocumentData {
    let say = |zh: &str, en: &str| pick(language, zh, en);
    DocumentData {
        case_number: "330302-01-003-20261124-0009-7".into(),
        document_number: say("云行受〔2026〕第000317号", "YXS [2026] No. 000317"),
        issuing_body: say("云江市行政服务中心", "Yunjiang Administrative Service Centre"),
        mandating_body: say("云江市市场监督管理局", "Yunjiang Market Supervision Bureau"),
        centre_name: say("云江市行政服务中心南塘分中心", "Nantang Branch, Yunjiang Administrative Service Centre"),
        centre_address: say("云江市南塘街道市府路500号", "500 Shifu Road, Nantang, Yunjiang"),
        phone: "0577-00000001".into(),
        counter: say("03号窗口", "counter 03"),
        clerk: say("沈青", "Shen Qing"),
        clerk_number: "0307".into(),
        applicant: Applicant {
            name: say("星隅歌舞娱乐（筹）", "Xingyu Entertainment (in formation)"),
            id_masked: "330302********9990".into(),
            id_full: "330302198603149990".into(),
            credit_code: "91330402MAYYYY016L".into(),
            legal_representative: say("滕予安", "Teng Yu'an"),
            address: say(
                "浙江省云江市南塘街道望江路88号星隅广场3层",
                "Floor 3, Xingyu Plaza, 88 Wangjiang Road, Nantang, Yunjiang",
            ),
            contact_name: say("滕予安", "Teng Yu'an"),
            contact_phone: "13900000000".into(),
        },
        agent: Some(Agent {
            name: say("陆䶮", "Lu Yan"),
            id_masked: "330402********9964".into(),
            phone: "13900000001".into(),
        }),
        bundle: say("开办歌舞娱乐场所一件事", "Opening a karaoke bar"),
        matters: matters(language),
        materials: materials(language),
        deficiencies: deficiencies(language),
        refusal: Some(Refusal {
            reason: say(
                "申请的经营场所位于居民住宅楼内，不得设立歌舞娱乐场所。",
                "The premises are in a residential building, where a karaoke bar must not be opened.",
            ),
            basis: say("《娱乐场所管理条例》第七条第一项", "Regulation on Entertainment Venues, article 7 (1)"),
            competent_body: String::new(),
            competent_address: String::new(),
            review_body: say("云江市人民政府", "the Yunjiang Municipal People's Government"),
            court: say("云江市人民法院", "the Yunjiang People's Court"),
        }),
        dates: Dates {
            issued: date!(2026 - 11 - 24),
            received: Some(datetime!(2026-11-24 14:54)),
            accepted: Some(date!(2026 - 11 - 24)),
            due: Some(date!(2027 - 01 - 08)),
            supplement_last: Some(date!(2026 - 12 - 15)),
            pickup_from: Some(date!(2027 - 01 - 11)),
        },
        supplement_days: Some(15),
        delivery: Delivery {
            way: say("窗口领取", "collection at the counter"),
            place: say("云江市行政服务中心南塘分中心一楼出件窗口", "Delivery counter, ground floor, Nantang Branch"),
            hours: say("工作日9:00至17:00", "Working days 9:00 to 17:00"),
            collector: say("申请人本人或者代理人", "The applicant or the agent"),
            bring: say(
                "本凭证、身份证件；代理人另带授权委托书",
                "This slip and an identity card; agents also the authorisation",
            ),
        },
        pickup_code: "7K4 M2Q".into(),
        certificates: vec![
            CertificateLine {
                name: say("营业执照", "Business licence"),
                number: "91330402MAYYYY016L".into(),
                copies: 2,
            },
            CertificateLine {
                name: say("娱乐经营许可证", "Entertainment permit"),
                number: "330302160099".into(),
                copies: 2,
            },
        ],
        licence: Some(licence(language)),
        procedure: Some(procedure(language)),
        decision: Some(grant(language)),
        commitment: Some(commitment(language)),
        service: Some(service(language)),
        guide: guide(language),
        payment: Some(payment(language)),
        benefit: Some(benefit(language)),
        hand_over: Some(hand_over(language)),
        ticket: Some(ticket(language)),
        day: Some(day_sheet(language)),
        qr_text: "https://centre.example/q/330302010032026112400097".into(),
        blank_serial: "00412907".into(),
        copy: CopyNote::default(),
        ..DocumentData::default()
    }
}

/// A reprint of the same.
pub(crate) fn reprint(language: Language) -> CopyNote {
    CopyNote {
        reprint: 2,
        on: Some(date!(2026 - 11 - 25)),
        by: pick(language, "沈青", "Shen Qing"),
        reason: pick(language, "申请人遗失原件", "original lost by the applicant"),
    }
}

fn matters(language: Language) -> Vec<MatterLine> {
    let line = |zh: &str, en: &str, code: &str, department: (&str, &str), statutory_days, promised_days, due| MatterLine {
        name: pick(language, zh, en),
        code: code.into(),
        department: pick(language, department.0, department.1),
        statutory_days,
        promised_days,
        due: Some(due),
    };
    let scj = ("市场监督管理局", "Market Supervision");
    let wgl = ("文化广电旅游局", "Culture and Tourism");
    vec![
        line(
            "营业执照（设立登记）",
            "Business licence",
            "000131001000",
            scj,
            Some(3),
            Some(1),
            date!(2026 - 11 - 25),
        ),
        line(
            "公众聚集场所投入使用、营业前消防安全检查",
            "Fire safety check before opening",
            "",
            ("消防救援机构", "Fire and Rescue"),
            Some(10),
            Some(10),
            date!(2026 - 12 - 09),
        ),
        line(
            "建设项目环境影响登记表备案",
            "Environmental registration",
            "",
            ("生态环境局", "Ecology and Environment"),
            None,
            Some(0),
            date!(2026 - 11 - 24),
        ),
        line(
            "娱乐经营许可证核发",
            "Entertainment permit",
            "000122005000",
            wgl,
            Some(20),
            Some(10),
            date!(2027 - 01 - 08),
        ),
    ]
}

fn materials(language: Language) -> Vec<MaterialLine> {
    let line = |zh: &str, en: &str, form: (&str, &str), pages| MaterialLine {
        name: pick(language, zh, en),
        form: pick(language, form.0, form.1),
        copies: 1,
        pages,
        note: String::new(),
    };
    let (original, copy, shared) = (("原件", "original"), ("复印件", "copy"), ("数据共享", "shared"));
    vec![
        line("开办歌舞娱乐场所一件事综合申请表", "Combined application form", original, 4),
        line(
            "居民身份证（法定代表人、主要负责人）",
            "Identity cards of the legal representative and managers",
            copy,
            2,
        ),
        line("股东身份证明", "Identity of the shareholders", copy, 3),
        line("公司章程", "Articles of association", original, 12),
        line("企业名称登记信息", "Registered name", shared, 1),
        line("房屋租赁合同", "Tenancy contract", copy, 8),
        line(
            "投资人员、拟任法定代表人和主要负责人没有不得设立娱乐场所情形的声明",
            "Declaration that no bar to opening applies",
            original,
            1,
        ),
        line("场所内部结构平面图", "Floor plan", original, 1),
    ]
}

pub(crate) fn outstanding(language: Language) -> Vec<OutstandingLine> {
    let line = |zh: &str, en: &str| OutstandingLine {
        name: pick(language, zh, en),
        form: pick(language, "原件1份", "1 original"),
        last_day: Some(date!(2026 - 12 - 01)),
    };
    vec![
        line("场所内部结构平面图", "Floor plan"),
        line("任职文件（股东会决议）", "Appointment (shareholders' resolution)"),
    ]
}

fn deficiencies(language: Language) -> Vec<DeficiencyLine> {
    let line = |paper: (&str, &str), problem: (&str, &str), remedy: (&str, &str), basis: (&str, &str)| DeficiencyLine {
        paper: pick(language, paper.0, paper.1),
        problem: pick(language, problem.0, problem.1),
        remedy: pick(language, remedy.0, remedy.1),
        basis: pick(language, basis.0, basis.1),
    };
    let missing = ("未提交。", "Not handed in.");
    vec![
        line(
            ("内部结构平面图", "Floor plan"),
            missing,
            ("交1份，标明包厢、通道和使用面积。", "One copy that shows rooms, passages and use area."),
            ("《娱乐场所管理办法》第九条", "Measures on Entertainment Venues, art. 9"),
        ),
        line(
            ("房屋租赁合同", "Tenancy contract"),
            ("缺第6页，双方签字页。", "Page 6 with both signatures is missing."),
            ("补交签字页，或者交全本原件。", "Bring the signed page, or the whole original."),
            ("", ""),
        ),
        line(
            ("无禁入情形声明", "Declaration of no bar"),
            ("负责人未签字。", "The manager has not signed."),
            ("负责人本人签字，可以在副屏上签。", "The manager signs in person, also on the second screen."),
            ("《娱乐场所管理条例》第九条", "Regulation on Entertainment Venues, art. 9"),
        ),
        line(
            ("歌曲点播系统说明", "Description of the song system"),
            missing,
            ("写明设备型号和曲库来源。", "State the model and where the songs come from."),
            ("", ""),
        ),
        line(
            ("任职文件", "Appointment document"),
            missing,
            ("交股东会决议，由股东签字。", "Bring the shareholders' resolution, signed."),
            ("", ""),
        ),
    ]
}

fn licence(language: Language) -> LicenceFields {
    let say = |zh: &str, en: &str| pick(language, zh, en);
    LicenceFields {
        number: "91330402MAYYYY016L".into(),
        name: say("云江市星隅歌舞娱乐有限公司", "Yunjiang Xingyu Entertainment Co., Ltd."),
        kind: say("有限责任公司（自然人独资）", "Limited liability company (sole natural person)"),
        legal_representative: say("滕予安", "Teng Yu'an"),
        scope: say(
            "歌舞娱乐活动；食品销售（仅销售预包装食品）；日用百货销售。（依法须经批准的项目，经相关部门批准后方可开展经营活动）",
            "Karaoke and dance entertainment; sale of pre-packed food; sale of daily goods. Items that need approval may be carried on only after it is granted.",
        ),
        capital: say("人民币壹佰万元整", "RMB 1,000,000"),
        founded: Some(date!(2026 - 11 - 25)),
        address: say(
            "浙江省云江市南塘街道望江路88号星隅广场3层301室",
            "Room 301, Floor 3, Xingyu Plaza, 88 Wangjiang Road, Nantang, Yunjiang, Zhejiang",
        ),
        area: say("860平方米", "860 square metres"),
        guests: Some(430),
        valid_from: Some(date!(2027 - 01 - 08)),
        valid_to: Some(date!(2029 - 01 - 07)),
        authority: say("云江市市场监督管理局", "Yunjiang Market Supervision Bureau"),
        issued: Some(date!(2026 - 11 - 25)),
        duplicate_number: "1-1".into(),
        holder_code: "91330402MAYYYY016L".into(),
        domicile: say(
            "浙江省云江市南塘街道望江路88号星隅广场3层301室",
            "Room 301, Floor 3, Xingyu Plaza, 88 Wangjiang Road, Yunjiang",
        ),
        items: say("热食类食品制售；冷食类食品制售；自制饮品制售", "Hot dishes; cold dishes; own drinks"),
        tenancy: Some(tenancy(language)),
    }
}
