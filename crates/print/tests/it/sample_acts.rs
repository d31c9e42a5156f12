//! Synthetic decisions, promises and papers of the counter, for the documents that carry them.

use onewindow_print::{
    BlankLine, Commitment, Condition, Count, DayFigures, DaySheet, Decision, GuideLine, HandOver, HandOverLine, Language, Money, MoneyLine, Procedure, Service,
    Tenancy, Ticket,
};
use time::macros::{date, datetime};

use crate::sample::pick;

pub(crate) fn procedure(language: Language) -> Procedure {
    let say = |zh: &str, en: &str| pick(language, zh, en);
    Procedure {
        matter: say("公众聚集场所投入使用、营业前消防安全检查", "Fire safety check before opening"),
        kind: say("现场检查和消防技术检测", "on-site inspection and technical fire test"),
        reason: say(
            "场所位于商业综合体第三层，疏散通道和自动报警系统须经现场检测。",
            "The venue is on the third floor of a shopping centre; escape routes and the alarm system must be tested on site.",
        ),
        basis: String::new(),
        days: Some(7),
        from: Some(date!(2026 - 12 - 01)),
        due_before: Some(date!(2026 - 12 - 09)),
        due: Some(date!(2026 - 12 - 18)),
        approver: say("何立（消防救援机构负责人）", "He Li, head of Fire and Rescue"),
    }
}

pub(crate) fn grant(language: Language) -> Decision {
    let say = |zh: &str, en: &str| pick(language, zh, en);
    Decision {
        matter: say("娱乐经营许可证核发", "Entertainment permit"),
        facts: say(
            "你（单位）的场所使用面积、消防安全、噪声和人员条件符合规定，现场核查由两名工作人员进行。",
            "use area, fire safety, noise and staff meet the rules; two officers inspected the site.",
        ),
        basis: say("《娱乐场所管理条例》第九条", "article 9 of the Regulation on Entertainment Venues"),
        content: say(
            "设立歌舞娱乐场所，使用面积860平方米，核定消费者430人。",
            "A karaoke venue of 860 square metres for 430 guests.",
        ),
        conditions: say("每日凌晨2时至上午8时不得营业。", "Closed between 2 and 8 in the morning."),
        licence_number: "330302260099".into(),
        valid_from: Some(date!(2027 - 01 - 08)),
        valid_to: Some(date!(2029 - 01 - 07)),
        reason: String::new(),
        review_body: String::new(),
        court: String::new(),
        at_window: String::new(),
    }
}

pub(crate) fn refused(language: Language) -> Decision {
    let say = |zh: &str, en: &str| pick(language, zh, en);
    Decision {
        facts: say(
            "经营场所与中学校门的距离为126米。",
            "the premises are 126 metres from the gate of a secondary school.",
        ),
        basis: say("《娱乐场所管理条例》第七条第二项", "article 7 (2) of the Regulation on Entertainment Venues"),
        reason: say(
            "学校周边200米范围内不得设立娱乐场所，该情形不能通过补正消除。",
            "No entertainment venue may be opened within 200 metres of a school, and this can not be put right.",
        ),
        review_body: say("云江市人民政府", "the Yunjiang Municipal People's Government"),
        court: say("云江市人民法院", "the Yunjiang People's Court"),
        ..grant(language)
    }
}

pub(crate) fn commitment(language: Language) -> Commitment {
    let say = |zh: &str, en: &str| pick(language, zh, en);
    Commitment {
        subject: say("“投资人员和负责人没有禁入情形”", "\"no bar applies to investors and managers\""),
        conditions: vec![
            Condition {
                text: say(
                    "投资人员、法定代表人和主要负责人没有因有关犯罪受过刑罚，没有被剥夺政治权利。",
                    "Investors, legal representative and managers have not been punished for the crimes named and hold their political rights.",
                ),
                basis: say("《娱乐场所管理条例》第五条", "Regulation on Entertainment Venues, art. 5"),
            },
            Condition {
                text: say(
                    "不是国家机关及其工作人员，也不是其近亲属变相参与经营。",
                    "They are neither state organs nor their staff, nor stand in for them.",
                ),
                basis: say("《娱乐场所管理条例》第四条", "Regulation on Entertainment Venues, art. 4"),
            },
        ],
        inspection_days: Some(60),
        effects: String::new(),
    }
}

pub(crate) fn service(language: Language) -> Service {
    let say = |zh: &str, en: &str| pick(language, zh, en);
    Service {
        addressee: say("云江市星隅歌舞娱乐有限公司", "Yunjiang Xingyu Entertainment Co., Ltd."),
        at: Some(datetime!(2027-01-11 10:20)),
        place: say("云江市行政服务中心南塘分中心出件窗口", "Delivery counter, Nantang Branch"),
        way: say("直接送达", "in person"),
        receiver: say("陆䶮", "Lu Yan"),
        relation: say("代理人", "agent"),
        witness: String::new(),
        server: say("沈青（0307）", "Shen Qing (0307)"),
        remark: String::new(),
    }
}

pub(crate) fn guide(language: Language) -> Vec<GuideLine> {
    let line = |name: (&str, &str), form: (&str, &str), note: (&str, &str)| GuideLine {
        name: pick(language, name.0, name.1),
        form: pick(language, form.0, form.1),
        copies: 1,
        note: pick(language, note.0, note.1),
    };
    let original = ("原件核验", "original shown");
    vec![
        line(
            ("开办歌舞娱乐场所一件事综合申请表", "Combined application form"),
            ("窗口打印签字", "printed at the counter"),
            ("", ""),
        ),
        line(
            ("居民身份证", "Identity card"),
            original,
            ("法定代表人、主要负责人各一份", "of the legal representative and each manager"),
        ),
        line(
            ("房屋租赁合同", "Tenancy contract"),
            original,
            ("自有房屋的免交，数据共享核验", "not for own premises, which are checked by data sharing"),
        ),
        line(("场所内部结构平面图", "Floor plan"), ("原件", "original"), ("可以容缺后补", "may follow")),
        line(
            ("企业名称登记信息", "Registered name"),
            ("数据共享", "data sharing"),
            ("不用提交", "need not be brought"),
        ),
    ]
}

pub(crate) fn payment(language: Language) -> Money {
    let say = |zh: &str, en: &str| pick(language, zh, en);
    Money {
        person: say("滕予安", "Teng Yu'an"),
        purpose: say("契税", "deed tax"),
        basis: say("《中华人民共和国契税法》第三条", "the Deed Tax Law, article 3"),
        lines: vec![
            MoneyLine {
                name: say("契税（家庭唯一住房，90平方米以下）", "Deed tax (only home, up to 90 square metres)"),
                computed: say("计税价格1,680,000.00元×1%", "price 1,680,000.00 x 1 %"),
                amount: "16800.00".into(),
            },
            MoneyLine {
                name: say("不动产登记费", "Registration fee"),
                computed: say("住宅每件80元", "80 a home"),
                amount: "80.00".into(),
            },
        ],
        total: "16880.00".into(),
        account: say(
            "电子税务局、自助终端或者扫码；本窗口不收现金",
            "online, at a terminal or by scanning; no cash here",
        ),
        period: say("2026年12月8日前", "by 8 December 2026"),
    }
}

pub(crate) fn benefit(language: Language) -> Money {
    let say = |zh: &str, en: &str| pick(language, zh, en);
    Money {
        person: say("滕予安", "Teng Yu'an"),
        purpose: say("生育医疗费用和生育津贴", "maternity costs and allowance"),
        basis: say("《中华人民共和国社会保险法》第五十四条", "the Social Insurance Law, article 54"),
        lines: vec![
            MoneyLine {
                name: say("生育津贴", "Maternity allowance"),
                computed: say("月平均工资6,530.00元÷30×128天", "monthly wage 6,530.00 / 30 x 128 days"),
                amount: "27861.33".into(),
            },
            MoneyLine {
                name: say("生育医疗费用", "Medical costs"),
                computed: say("定额", "fixed amount"),
                amount: "3000.00".into(),
            },
        ],
        total: "30861.33".into(),
        account: "6228************8018".into(),
        period: say("2026年10月至2027年2月", "October 2026 to February 2027"),
    }
}

pub(crate) fn hand_over(language: Language) -> HandOver {
    let say = |zh: &str, en: &str| pick(language, zh, en);
    let line = |number: &str, name: (&str, &str), kind: (&str, &str), note: (&str, &str)| HandOverLine {
        case_number: number.into(),
        name: pick(language, name.0, name.1),
        kind: pick(language, kind.0, kind.1),
        copies: 1,
        note: pick(language, note.0, note.1),
    };
    HandOver {
        from: say("03号窗口　沈青", "counter 03, Shen Qing"),
        to: say("市场监督管理局　何立", "Market Supervision, He Li"),
        bag: "B-2026-00417".into(),
        at: Some(datetime!(2026-11-24 17:05)),
        lines: vec![
            line(
                "330302-01-003-20261124-0009-7",
                ("公司章程", "Articles of association"),
                ("原件", "original"),
                ("", ""),
            ),
            line(
                "330302-01-003-20261124-0009-7",
                ("综合申请表", "Combined application form"),
                ("表格", "form"),
                ("申请人已签字", "signed by the applicant"),
            ),
            line(
                "330302-01-003-20261124-0011-2",
                ("营业执照副本", "Business licence, duplicate"),
                ("旧证照", "old licence"),
                ("只列清单", "listed only"),
            ),
        ],
        difference: String::new(),
    }
}

pub(crate) fn ticket(language: Language) -> Ticket {
    Ticket {
        number: "A017".into(),
        queue: pick(language, "企业开办", "Starting a business"),
        ahead: 4,
        area: pick(language, "二楼B区", "Floor 2, area B"),
        at: Some(datetime!(2026-11-24 14:31)),
    }
}

pub(crate) fn tenancy(language: Language) -> Tenancy {
    Tenancy {
        landlord: pick(language, "陆䶮", "Lu Yan"),
        tenant: pick(language, "滕予安", "Teng Yu'an"),
        property_number: pick(language, "浙（2024）云江市不动产权第0012345号", "Zhe (2024) Yunjiang 0012345"),
        purpose: pick(language, "居住", "home"),
        from: Some(date!(2026 - 12 - 01)),
        to: Some(date!(2027 - 11 - 30)),
        rent: pick(language, "人民币3200元/月", "CNY 3,200 a month"),
    }
}

pub(crate) fn day_sheet(language: Language) -> DaySheet {
    let say = |zh: &str, en: &str| pick(language, zh, en);
    let count = |zh: &str, en: &str, count| Count {
        name: pick(language, zh, en),
        count,
    };
    let figures = |zh: &str, en: &str, [made, originals, duplicates, spoiled, unknown]: [u32; 5]| DayFigures {
        name: pick(language, zh, en),
        made,
        originals,
        duplicates,
        spoiled,
        unknown,
    };
    DaySheet {
        cases: vec![
            count("收件", "received", 23),
            count("受理", "accepted", 19),
            count("容缺受理", "accepted conditionally", 1),
            count("补正告知", "supplement told", 2),
            count("不予受理", "refused", 1),
            count("发证交付", "handed over", 7),
        ],
        documents: vec![
            figures("收件凭证", "Receipt for Papers", [23, 23, 1, 0, 0]),
            figures("受理通知书", "Notice of Acceptance", [20, 20, 2, 1, 0]),
            figures("营业执照", "Business Licence", [5, 5, 0, 1, 0]),
        ],
        blanks: vec![BlankLine {
            name: say("营业执照副本", "Business licence, duplicate"),
            opening: 42,
            received: 0,
            used: 5,
            spoiled: 1,
            returned: 0,
            closing: 36,
            serials: "00412914–00412949".into(),
        }],
        open: vec![count("草稿", "drafts", 1), count("未送达中心的日志", "entries not yet at the centre", 4)],
        clerk: say("沈青（0307）", "Shen Qing (0307)"),
        supervisor: say("梅若（0301）", "Mei Ruo (0301)"),
        journal: "1/4711 · 9f3c2a71d04be8aa".into(),
    }
}
