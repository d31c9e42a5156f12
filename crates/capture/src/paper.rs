//! The papers a counter sees: sizes, anchor words, what to expect of each. Absent on purpose: where fields stand on them
//! (see `fields`) and which matter needs which paper (the catalogue).

use serde::{Deserialize, Serialize};

/// A kind of paper this crate can tell apart. `Other` papers are kept and judged, only not read by template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaperKind {
    /// 居民身份证, the side with portrait and number.
    IdCardPortrait,
    /// 居民身份证, the side with emblem, issuing office and validity.
    IdCardEmblem,
    /// 户口簿, first page.
    HouseholdCover,
    /// 户口簿, page of a member.
    HouseholdPage,
    /// 结婚证.
    MarriageCertificate,
    /// 出生医学证明.
    BirthCertificate,
    /// 死亡医学证明书.
    DeathCertificate,
    /// 护照 and other papers with a machine-readable zone.
    TravelDocument,
    /// 营业执照.
    BusinessLicence,
    /// 不动产权证书.
    PropertyCertificate,
    /// 房屋租赁合同 and other contracts.
    Contract,
    /// 增值税发票.
    Invoice,
    /// 授权委托书.
    Authorisation,
    /// Anything else.
    Other,
}

impl PaperKind {
    /// Stable code, as in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::IdCardPortrait => "id_card_portrait",
            Self::IdCardEmblem => "id_card_emblem",
            Self::HouseholdCover => "household_cover",
            Self::HouseholdPage => "household_page",
            Self::MarriageCertificate => "marriage_certificate",
            Self::BirthCertificate => "birth_certificate",
            Self::DeathCertificate => "death_certificate",
            Self::TravelDocument => "travel_document",
            Self::BusinessLicence => "business_licence",
            Self::PropertyCertificate => "property_certificate",
            Self::Contract => "contract",
            Self::Invoice => "invoice",
            Self::Authorisation => "authorisation",
            Self::Other => "other",
        }
    }

    /// Width and height in millimetres as it lies to be read; `None` when the kind has no fixed size.
    /// Source: table of papers in the project's domain notes.
    pub fn size_mm(self) -> Option<(f32, f32)> {
        match self {
            Self::IdCardPortrait | Self::IdCardEmblem => Some(ID_1_MM),
            Self::HouseholdCover | Self::HouseholdPage => Some((143.0, 105.0)),
            Self::MarriageCertificate => None,
            Self::TravelDocument => None,
            Self::BusinessLicence => Some((297.0, 210.0)),
            Self::BirthCertificate | Self::DeathCertificate | Self::Contract | Self::Authorisation => Some((210.0, 297.0)),
            Self::PropertyCertificate | Self::Invoice | Self::Other => None,
        }
    }

    /// Lowest resolution in effect that the archive accepts: cards 280 (wanted 300), other papers 190 (wanted 200).
    /// Source: DA/T 31-2017 with the project's tolerance of five per cent.
    pub fn min_dpi(self) -> f32 {
        match self {
            Self::IdCardPortrait | Self::IdCardEmblem | Self::TravelDocument => 280.0,
            Self::HouseholdCover
            | Self::HouseholdPage
            | Self::MarriageCertificate
            | Self::BirthCertificate
            | Self::DeathCertificate
            | Self::BusinessLicence
            | Self::PropertyCertificate
            | Self::Contract
            | Self::Invoice
            | Self::Authorisation
            | Self::Other => 190.0,
        }
    }
}

/// Size of a card of format ID-1 (ISO/IEC 7810) in millimetres.
pub const ID_1_MM: (f32, f32) = (85.6, 54.0);

/// Fixed sizes of papers in millimetres, longer side first. The first entry that fits wins.
pub(crate) const KNOWN_SIZES_MM: [(f32, f32); 11] = [
    ID_1_MM,
    (297.0, 210.0),
    (210.0, 148.0),
    (420.0, 297.0),
    (143.0, 105.0),
    (125.0, 88.0),
    (176.0, 125.0),
    (250.0, 176.0),
    (240.0, 140.0),
    (190.0, 115.0),
    (308.0, 130.0),
];

/// What the caller expects the page to be. Everything is optional: an empty hint means "any paper".
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PaperHint {
    /// The paper the clerk is scanning, when the checklist says so.
    pub kind: Option<PaperKind>,
    /// Its size in millimetres, when the catalogue knows it better than the kind.
    pub size_mm: Option<(f32, f32)>,
    /// Another size that it comes in, as prints of photographs do.
    pub other_size_mm: Option<(f32, f32)>,
    /// Lowest resolution in effect, when the catalogue knows it better than the kind.
    pub min_dpi: Option<f32>,
    /// Edges wider than this on the paper are out of focus, millimetres; a usual limit when not given.
    pub blur_max_mm: Option<f32>,
    /// Largest share of the page that a reflection may hide, 0 to 1; a usual limit when not given.
    pub glare_max: Option<f32>,
    /// Paper darker than this, 0 to 255, is too dark; a usual limit when not given.
    pub brightness_min: Option<u8>,
    /// Whether a red seal belongs on it: one is then also looked for where it hardly shows.
    pub sealed: bool,
}

impl PaperHint {
    /// A hint of the kind alone.
    pub fn of(kind: PaperKind) -> Self {
        Self {
            kind: Some(kind),
            ..Self::default()
        }
    }

    /// The sizes that are expected, longer side first; the usual one first, none when nothing is known.
    pub(crate) fn expected_sizes_mm(&self) -> impl Iterator<Item = (f32, f32)> {
        let usual = self.size_mm.or_else(|| self.kind.and_then(PaperKind::size_mm));
        [usual, self.other_size_mm].into_iter().flatten().map(|(a, b)| (a.max(b), a.min(b)))
    }

    /// The lowest acceptable resolution for a paper of the given size.
    pub(crate) fn lowest_dpi(&self, size_mm: Option<(f32, f32)>) -> f32 {
        let is_card = size_mm.is_some_and(|size| fits(size, ID_1_MM, CARD_TOLERANCE_MM));
        self.min_dpi.or_else(|| self.kind.map(PaperKind::min_dpi)).unwrap_or(if is_card {
            PaperKind::IdCardPortrait.min_dpi()
        } else {
            PaperKind::Other.min_dpi()
        })
    }
}

/// How far a measured card may be from its size.
pub(crate) const CARD_TOLERANCE_MM: f32 = 2.5;

/// Whether a measured size fits a known one, either way round.
pub(crate) fn fits(measured_mm: (f32, f32), known_mm: (f32, f32), tolerance_mm: f32) -> bool {
    let (a, b) = (measured_mm.0.max(measured_mm.1), measured_mm.0.min(measured_mm.1));
    let (c, d) = (known_mm.0.max(known_mm.1), known_mm.0.min(known_mm.1));
    (a - c).abs() <= tolerance_mm && (b - d).abs() <= tolerance_mm
}

/// The known size a measured one fits, longer side first.
pub(crate) fn find_known_size(measured_mm: (f32, f32)) -> Option<(f32, f32)> {
    let longer = measured_mm.0.max(measured_mm.1);
    let tolerance = (longer * 0.02).max(CARD_TOLERANCE_MM);
    KNOWN_SIZES_MM.into_iter().find(|known| fits(measured_mm, *known, tolerance))
}

/// Words that stand on a paper with their weight, and the weight at which the kind is believed in full.
struct Anchors {
    kind: PaperKind,
    words: &'static [(&'static str, u32)],
    full: u32,
    shape: Shape,
}

/// What else tells a paper: papers that speak of one another share its words.
#[derive(Clone, Copy)]
enum Shape {
    /// One of these stands alone in a line.
    Titled(&'static [&'static str]),
    /// No more characters than these stand on it.
    AtMost(usize),
    /// Nothing.
    Any,
}

impl Shape {
    /// By what the weight of the words is multiplied.
    fn factor(self, text: &str) -> f32 {
        /// A title's line may hold a number or a bracket beside it.
        const BESIDE_TITLE: usize = 8;
        let bare = |line: &str| line.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        let fits = match self {
            Self::Titled(titles) => text.lines().map(bare).any(|line| {
                let length = line.chars().count();
                titles
                    .iter()
                    .any(|title| line.contains(title) && length <= title.chars().count() + BESIDE_TITLE)
            }),
            Self::AtMost(most) => text.chars().filter(|c| !c.is_whitespace()).count() <= most,
            Self::Any => true,
        };
        if fits { 1.0 } else { 0.35 }
    }
}

const ANCHORS: [Anchors; 13] = [
    Anchors {
        kind: PaperKind::IdCardPortrait,
        words: &[("公民身份号码", 5), ("姓名", 2), ("民族", 2), ("出生", 2), ("住址", 3), ("性别", 1)],
        full: 11,
        shape: Shape::AtMost(260),
    },
    Anchors {
        kind: PaperKind::IdCardEmblem,
        words: &[("居民身份证", 4), ("中华人民共和国", 1), ("签发机关", 4), ("有效期限", 4), ("公安局", 1)],
        full: 9,
        shape: Shape::AtMost(160),
    },
    Anchors {
        kind: PaperKind::HouseholdCover,
        words: &[
            ("户别", 4),
            ("户主姓名", 4),
            ("户号", 4),
            ("住址", 1),
            ("户口登记机关", 3),
            ("户口专用", 2),
            ("承办人签章", 1),
        ],
        full: 9,
        shape: Shape::AtMost(420),
    },
    Anchors {
        kind: PaperKind::HouseholdPage,
        words: &[
            ("常住人口登记卡", 6),
            ("户主或与户主关系", 5),
            ("与户主关系", 4),
            ("曾用名", 3),
            ("籍贯", 2),
            ("服务处所", 3),
            ("文化程度", 2),
            ("何时由何地迁来", 3),
        ],
        full: 11,
        shape: Shape::AtMost(600),
    },
    Anchors {
        kind: PaperKind::MarriageCertificate,
        words: &[
            ("结婚证", 6),
            ("持证人", 4),
            ("登记日期", 3),
            ("结婚证字号", 5),
            ("结婚申请", 3),
            ("婚姻登记", 3),
        ],
        full: 10,
        shape: Shape::AtMost(500),
    },
    Anchors {
        kind: PaperKind::BirthCertificate,
        words: &[
            ("出生医学证明", 7),
            ("新生儿", 4),
            ("出生孕周", 3),
            ("出生体重", 2),
            ("出生身长", 2),
            ("母亲姓名", 3),
            ("父亲姓名", 3),
            ("助产", 2),
            ("医疗机构", 2),
            ("出生证编号", 3),
        ],
        full: 12,
        shape: Shape::Titled(&["出生医学证明"]),
    },
    Anchors {
        kind: PaperKind::DeathCertificate,
        words: &[
            ("死亡医学证明", 7),
            ("死亡日期", 3),
            ("死亡原因", 3),
            ("死亡地点", 3),
            ("推断书", 2),
            ("死者姓名", 3),
        ],
        full: 10,
        shape: Shape::Titled(&["死亡医学证明"]),
    },
    Anchors {
        kind: PaperKind::TravelDocument,
        words: &[
            ("护照", 3),
            ("PASSPORT", 3),
            ("往来港澳通行证", 6),
            ("EXIT-ENTRY PERMIT", 4),
            ("<<<<", 6),
            ("P<CHN", 4),
        ],
        full: 8,
        shape: Shape::Any,
    },
    Anchors {
        kind: PaperKind::BusinessLicence,
        words: &[
            ("营业执照", 6),
            ("统一社会信用代码", 4),
            ("法定代表人", 2),
            ("注册资本", 3),
            ("经营范围", 3),
            ("成立日期", 2),
            ("登记机关", 2),
            ("营业期限", 2),
            ("经营者", 1),
        ],
        full: 12,
        shape: Shape::Titled(&["营业执照"]),
    },
    Anchors {
        kind: PaperKind::PropertyCertificate,
        words: &[
            ("不动产权证书", 5),
            ("不动产权第", 5),
            ("不动产单元号", 5),
            ("权利人", 2),
            ("共有情况", 3),
            ("坐落", 2),
            ("权利性质", 2),
            ("使用期限", 1),
        ],
        full: 11,
        shape: Shape::AtMost(900),
    },
    Anchors {
        kind: PaperKind::Contract,
        words: &[
            ("租赁合同", 7),
            ("出租方", 3),
            ("承租方", 3),
            ("租赁期限", 3),
            ("租金", 2),
            ("甲方", 2),
            ("乙方", 2),
            ("合同", 2),
        ],
        full: 9,
        shape: Shape::Any,
    },
    Anchors {
        kind: PaperKind::Invoice,
        words: &[
            ("增值税", 4),
            ("发票", 4),
            ("发票代码", 3),
            ("发票号码", 3),
            ("价税合计", 4),
            ("购买方", 2),
            ("销售方", 2),
            ("开票日期", 2),
        ],
        full: 11,
        shape: Shape::Titled(&["发票"]),
    },
    Anchors {
        kind: PaperKind::Authorisation,
        words: &[("授权委托书", 7), ("委托人", 4), ("受托人", 4), ("委托事项", 3), ("委托权限", 3), ("代理人", 1)],
        full: 10,
        shape: Shape::Titled(&["授权委托书", "委托书"]),
    },
];

/// Which paper a text stands on, by its anchor words, with a confidence from 0 to 1. `None` when nothing fits well enough or two
/// kinds fit equally. Spaces are ignored, ends of lines are not: titles stand alone. The text of one page is looked at up to 20,000 characters.
pub fn recognise_paper(text: &str) -> Option<(PaperKind, f32)> {
    let lines: String = text.chars().take(20_000).collect();
    let text: String = lines.chars().filter(|c| !c.is_whitespace()).collect();
    let mut scores: Vec<(PaperKind, f32)> = ANCHORS
        .iter()
        .map(|anchors| {
            let found: u32 = anchors.words.iter().filter(|(word, _)| contains(&text, word)).map(|(_, weight)| weight).sum();
            let weight = (found as f32 / anchors.full as f32).min(1.2);
            (anchors.kind, if weight > 0.0 { weight * anchors.shape.factor(&lines) } else { 0.0 })
        })
        .collect();
    scores.sort_by(|a, b| b.1.total_cmp(&a.1));
    let (kind, best) = *scores.first()?;
    let second = scores.get(1).map_or(0.0, |s| s.1);
    if best < 0.45 || best - second < 0.05 {
        return None;
    }
    Some((kind, (best * 0.75 + (best - second) * 0.25).clamp(0.0, 0.99)))
}

fn contains(text: &str, word: &str) -> bool {
    let word: String = word.chars().filter(|c| !c.is_whitespace()).collect();
    text.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<PaperKind>) {
        assert_eq!(recognise_paper(text).map(|(kind, _)| kind), expected, "{text}");
    }

    #[test]
    fn papers_are_told_apart_by_their_words() {
        check(
            "姓 名 林晓 性别 女 民族 汉 出生 1990年 住址 某县 公民身份号码 330",
            Some(PaperKind::IdCardPortrait),
        );
        check("中华人民共和国 居民身份证 签发机关 永嘉县公安局 有效期限", Some(PaperKind::IdCardEmblem));
        check("常住人口登记卡 姓名 户主或与户主关系 曾用名 籍贯", Some(PaperKind::HouseholdPage));
        check("营 业 执 照\n统一社会信用代码 名称 法定代表人 经营范围", Some(PaperKind::BusinessLicence));
        check("出生医学证明\n新生儿姓名 母亲姓名 父亲姓名", Some(PaperKind::BirthCertificate));
        // Articles of a company speak of the same things.
        check("公司章程\n第五条 公司经营范围以营业执照记载为准 注册资本 法定代表人 成立日期", None);
        let roll = "股东 姓名 性别 民族 出生 住址 公民身份号码 330302 出资额以及出资方式按照本章程的规定执行 ".repeat(12);
        check(&roll, None);
        check("P<CHNLIN<<XIAO<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<", Some(PaperKind::TravelDocument));
        check("亲爱的居民朋友们", None);
        check("", None);
    }

    #[test]
    fn a_card_fits_its_size_either_way_round() {
        assert_eq!(find_known_size((54.4, 85.0)), Some(ID_1_MM));
        assert_eq!(find_known_size((212.0, 296.0)), Some((297.0, 210.0)));
        assert_eq!(find_known_size((60.0, 60.0)), None);
    }
}
