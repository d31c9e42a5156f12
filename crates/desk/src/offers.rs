//! Documents that a clerk has made beyond what an outcome prints by itself: decisions, extensions, special procedures, proofs of delivery,
//! hand-over lists, money, the guide of an application, the code for a rating. What can be made now is the case's own answer;
//! what only a person knows is asked first.

mod fill;

use std::collections::BTreeMap;

use onewindow_case::Case;
use onewindow_case::ids::{CaseId, MatterId};
use onewindow_case::state::MatterState;
use onewindow_catalogue::{Bundle, MatterKind};
use onewindow_ipc::Words;
use onewindow_ipc::case_view::{CaseView, OptionView};
use onewindow_ipc::paper::{AnswerView, AskView, OfferView};
use onewindow_ipc::session::Role;
use onewindow_print::DocumentKind;

pub(crate) use fill::fees;

use crate::desk::Desk;
use crate::documents::{find_kind, is_served};
use crate::fault::DeskFault;
use crate::intake::clean;
use crate::visit::may_rate;

/// Most characters of an answer.
const ANSWER_MAX: usize = 200;
/// Lines of an amount that can be typed.
pub(crate) const MONEY_LINES: usize = 3;

/// A document that can be made now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Offer {
    pub kind: DocumentKind,
    pub matter: Option<MatterId>,
}

/// What a person said, by key; never empty, never longer than it may be.
pub(crate) type Answers = BTreeMap<String, String>;

impl Desk {
    /// Makes a document that is on offer, keeps its bytes for ever, and prints it.
    ///
    /// # Errors
    /// Not on offer now, an answer missing or of the wrong form, a character that can not be printed.
    pub fn make_offered(&self, id: CaseId, kind: &str, matter: Option<&MatterId>, answers: &[AnswerView]) -> Result<CaseView, DeskFault> {
        self.require(&[Role::Clerk, Role::Supervisor])?;
        let case = self.get_case(id)?;
        let bundle = &*self.get_bundle(&case)?;
        let wanted = Offer {
            kind: find_kind(kind).ok_or(DeskFault::Unknown { what: "kind of document" })?,
            matter: matter.cloned(),
        };
        if !self.offered(&case, bundle).contains(&wanted) {
            return Err(DeskFault::NotOnOffer);
        }
        let answers = self.checked(&self.asks(&case, bundle, &wanted), answers)?;
        let document = self.make_with(&case, wanted.kind, wanted.matter.as_ref(), |data| {
            self.fill(data, &case, bundle, &wanted, &answers)
        })?;
        self.print_copy(id, document, None)?;
        self.show(id)
    }

    /// What the window may offer for a case.
    pub(crate) fn offer_views(&self, case: &Case, bundle: &Bundle) -> Vec<OfferView> {
        let view = |offer: Offer| OfferView {
            kind: offer.kind.name().to_owned(),
            about: offer
                .matter
                .as_ref()
                .and_then(|matter| bundle.find_matter(matter))
                .map_or_else(|| Words::new("", ""), |matter| (&matter.name).into()),
            title: self.title(offer.kind),
            asks: self.asks(case, bundle, &offer),
            matter: offer.matter.map(|matter| matter.to_string()),
        };
        self.offered(case, bundle).into_iter().map(view).collect()
    }

    /// The documents that can be made now. One that is made once is offered until it is there.
    fn offered(&self, case: &Case, bundle: &Bundle) -> Vec<Offer> {
        let mut kinds: Vec<(DocumentKind, Option<MatterId>)> = Vec::new();
        if case.is_editable() {
            kinds.push((DocumentKind::GuideList, None));
        }
        for matter in &case.matters {
            let Some(definition) = bundle.find_matter(&matter.id) else { continue };
            let about = |kind| (kind, Some(matter.id.clone()));
            let licensing = definition.kind == MatterKind::Licence;
            match matter.state {
                MatterState::Granted | MatterState::Delivered => {
                    if licensing {
                        kinds.push(about(DocumentKind::GrantDecision));
                    }
                    if definition.kind == MatterKind::Payment {
                        kinds.push(about(DocumentKind::PaymentDecision));
                    }
                    kinds.push(about(DocumentKind::ProofOfDelivery));
                }
                MatterState::Refused => {
                    if licensing {
                        kinds.push(about(DocumentKind::RefusalDecision));
                    }
                    kinds.push(about(DocumentKind::ProofOfDelivery));
                }
                MatterState::Suspended => kinds.push(about(DocumentKind::SpecialProcedureNotice)),
                MatterState::Accepted | MatterState::AcceptedConditional | MatterState::InReview | MatterState::Withdrawn | MatterState::Terminated => {}
            }
            if matter.extended {
                kinds.push(about(DocumentKind::ExtensionNotice));
            }
        }
        // What an outcome put on paper is served on the applicant; a slip is not.
        let served = |name: &str| find_kind(name).is_some_and(is_served);
        if case.documents.iter().any(|document| document.matter.is_none() && served(&document.kind)) {
            kinds.push((DocumentKind::ProofOfDelivery, None));
        }
        if !case.matters.is_empty() {
            kinds.push((DocumentKind::HandOverList, None));
            if case.matters.iter().any(|matter| costs_money(bundle, &matter.id)) {
                kinds.push((DocumentKind::PaymentNote, None));
            }
        }
        if self.shared.config.rating_url.is_some() && may_rate(case, bundle) && case.rating.is_none() {
            kinds.push((DocumentKind::RatingSlip, None));
        }
        kinds
            .into_iter()
            .filter(|(kind, matter)| made_anew(*kind) || !case.documents.iter().any(|made| made.kind == kind.name() && &made.matter == matter))
            .map(|(kind, matter)| Offer { kind, matter })
            .collect()
    }

    fn asks(&self, case: &Case, bundle: &Bundle, offer: &Offer) -> Vec<AskView> {
        match offer.kind {
            DocumentKind::SpecialProcedureNotice => vec![
                choice("procedure", ("程序", "Procedure"), PROCEDURES),
                asked("days", ("所需工作日", "Working days it takes"), ""),
                asked("approver", ("批准人", "Approved by"), ""),
            ],
            DocumentKind::ExtensionNotice => vec![asked("approver", ("批准人（行政机关负责人）", "Approved by (head of the body)"), "")],
            DocumentKind::ProofOfDelivery => vec![
                choice("way", ("送达方式", "Way"), WAYS),
                optional(
                    "receiver",
                    ("收件人", "Receiver"),
                    self.receiver(case, offer.matter.as_ref()).unwrap_or_default(),
                ),
                optional("relation", ("与受送达人关系", "Relation to the addressee"), String::new()),
                optional("witness", ("见证人", "Witness"), String::new()),
                optional("remark", ("备注", "Remark"), String::new()),
            ],
            DocumentKind::HandOverList => vec![
                asked("to", ("接收方", "To"), &first_department(case, bundle)),
                optional("bag", ("封袋编号", "Bag number"), String::new()),
                optional("difference", ("差异说明", "Differences"), String::new()),
            ],
            DocumentKind::PaymentNote => money_asks(("缴款期限", "To be paid by"), ("缴款方式", "How to pay")),
            DocumentKind::PaymentDecision => money_asks(("计发期间", "Period"), ("收款账户", "Account")),
            DocumentKind::GrantDecision => vec![optional("conditions", ("附加条件", "Conditions"), String::new())],
            _no_question => Vec::new(),
        }
    }

    /// The answers that were asked for: none missing, none too long, all printable.
    fn checked(&self, asks: &[AskView], given: &[AnswerView]) -> Result<Answers, DeskFault> {
        let mut answers = Answers::new();
        for ask in asks {
            let value = given
                .iter()
                .find(|answer| answer.ask == ask.ask)
                .map(|answer| clean(&answer.value))
                .unwrap_or_default();
            let known = ask.options.is_empty() || ask.options.iter().any(|option| option.value == value);
            if value.chars().count() > ANSWER_MAX || (ask.required && (value.is_empty() || !known)) {
                return Err(DeskFault::AnswerMissing(ask.label.clone()));
            }
            let label = onewindow_case::text::Bilingual::new(&ask.label.zh, &ask.label.en);
            self.check_printable(&label, &value)?;
            if !value.is_empty() {
                answers.insert(ask.ask.clone(), value);
            }
        }
        Ok(answers)
    }
}

/// Whether each is a document of its own: what a person says differs from one to the next.
const fn made_anew(kind: DocumentKind) -> bool {
    matches!(
        kind,
        DocumentKind::GuideList
            | DocumentKind::HandOverList
            | DocumentKind::PaymentNote
            | DocumentKind::PaymentDecision
            | DocumentKind::ProofOfDelivery
            | DocumentKind::SpecialProcedureNotice
    )
}

/// Special procedures that stop the clock (licensing law art. 45).
const PROCEDURES: &[(&str, &str)] = &[
    ("听证", "hearing"),
    ("招标", "tender"),
    ("拍卖", "auction"),
    ("检验", "inspection"),
    ("检测", "testing"),
    ("检疫", "quarantine inspection"),
    ("鉴定", "appraisal"),
    ("专家评审", "expert review"),
];

/// Ways in which a document is served.
const WAYS: &[(&str, &str)] = &[
    ("直接送达", "in person"),
    ("留置送达", "left in the presence of a witness"),
    ("邮寄送达", "by post"),
    ("转交送达", "through an agent"),
    ("电子送达", "electronically"),
];

fn words((zh, en): (&str, &str)) -> Words {
    Words::new(zh, en)
}

fn asked(key: &str, label: (&str, &str), value: &str) -> AskView {
    AskView {
        ask: key.to_owned(),
        label: words(label),
        options: Vec::new(),
        required: true,
        value: value.to_owned(),
    }
}

fn optional(key: &str, label: (&str, &str), value: String) -> AskView {
    AskView {
        required: false,
        value,
        ..asked(key, label, "")
    }
}

/// One of a list. Documents are Chinese, so the Chinese word is the value.
fn choice(key: &str, label: (&str, &str), of: &[(&str, &str)]) -> AskView {
    AskView {
        options: of
            .iter()
            .map(|(zh, en)| OptionView {
                value: (*zh).to_owned(),
                label: Words::new(*zh, *en),
            })
            .collect(),
        ..asked(key, label, of.first().map_or("", |(zh, _)| zh))
    }
}

fn money_asks(period: (&str, &str), account: (&str, &str)) -> Vec<AskView> {
    let mut asks = vec![
        asked("purpose", ("款项", "What for"), ""),
        asked("basis", ("依据", "Rule"), ""),
        asked("period", period, ""),
        asked("account", account, ""),
    ];
    for line in 1..=MONEY_LINES {
        let label = |zh: &str, en: &str| (format!("项目 {line} {zh}"), format!("Item {line}: {en}"));
        let (zh, en) = label("名称", "name");
        asks.push(AskView {
            required: line == 1,
            ..asked(&format!("item-{line}"), (&zh, &en), "")
        });
        let (zh, en) = label("计算方法", "how it is computed");
        asks.push(optional(&format!("computed-{line}"), (&zh, &en), String::new()));
        let (zh, en) = label("金额（元）", "amount (CNY)");
        asks.push(AskView {
            required: line == 1,
            ..asked(&format!("amount-{line}"), (&zh, &en), "")
        });
    }
    asks
}

/// The rule is that there is no fee; a tax office is in the matter for the tax.
fn costs_money(bundle: &Bundle, matter: &MatterId) -> bool {
    const TAX_OFFICE: &str = "SWJ";
    const FREE: &str = "免费";
    bundle
        .find_matter(matter)
        .is_some_and(|definition| definition.fee.zh != FREE || definition.department.as_str() == TAX_OFFICE)
}

fn first_department(case: &Case, bundle: &Bundle) -> String {
    case.matters
        .iter()
        .find_map(|matter| bundle.find_department(&matter.department))
        .map(|department| department.name.zh.clone())
        .unwrap_or_default()
}
