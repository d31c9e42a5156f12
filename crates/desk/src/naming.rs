//! Acts on a case in the words of its bundle: the record for people names questions, fields, papers and matters as the form does, not by
//! their keys. Absent on purpose: acts that need no name of the bundle (see `history`).

use onewindow_case::CaseEvent;
use onewindow_case::event::MaterialMark;
use onewindow_case::ids::{FieldKey, MaterialKey, MatterId, QuestionId};
use onewindow_case::text::Bilingual;
use onewindow_catalogue::{Bundle, QuestionKind};
use onewindow_ipc::Words;

/// The act in words, when it names something of the bundle; keys that the bundle does not know stay as they are. `title` knows the
/// kinds of documents.
pub(crate) fn named(bundle: &Bundle, title: impl Fn(&str) -> Words, event: &CaseEvent) -> Option<Words> {
    match event {
        CaseEvent::Answered { question, answer } => Some(answered(bundle, question, answer.as_deref())),
        CaseEvent::FieldSet { field, .. } => Some(field_name(bundle, field).told("填写 {}", "Filled: {}")),
        CaseEvent::FieldConfirmed { field } => Some(field_name(bundle, field).told("核对 {}", "Checked: {}")),
        CaseEvent::PageJudged { judgement, .. } => Some(verdict(&judgement.verdict).told("页面：{}", "Page: {}")),
        CaseEvent::PageAssigned { material: Some(material), .. } => Some(paper(bundle, material).told("归到 {}", "Filed under {}")),
        CaseEvent::MaterialMarked { material, mark } => Some(marked(&paper(bundle, material), mark.as_ref())),
        CaseEvent::FindingOverridden { code, reason, .. } => {
            let rule = bundle.rules.iter().find(|rule| code.strip_prefix("rule.") == Some(rule.id.as_str()));
            let what = rule.map_or_else(|| Name::plain(code), |rule| Name::of(&rule.what));
            Some(Words::new(format!("放行“{}”：{reason}", what.zh), format!("Let pass “{}”: {reason}", what.en)))
        }
        CaseEvent::DocumentMade { kind, number, .. } => {
            let name = title(kind);
            Some(Words::new(
                format!("生成{} {number}", name.zh),
                format!("Made: {} {number}", name.en.to_lowercase()),
            ))
        }
        CaseEvent::MatterMoved { matter, .. } => Some(matter_name(bundle, matter).told("{} 有新进展", "{} moved on")),
        CaseEvent::HandedOver { matter, .. } => Some(matter_name(bundle, matter).told("{} 已交付", "{} handed over")),
        _needs_no_name => None,
    }
}

/// A name in both languages.
struct Name {
    zh: String,
    en: String,
}

impl Name {
    fn of(name: &Bilingual) -> Self {
        Self {
            zh: name.zh.clone(),
            en: name.en.clone(),
        }
    }

    fn plain(key: &str) -> Self {
        Self {
            zh: key.to_owned(),
            en: key.to_owned(),
        }
    }

    /// Both texts with the name where `{}` stands.
    fn told(&self, zh: &str, en: &str) -> Words {
        Words::new(zh.replace("{}", &self.zh), en.replace("{}", &self.en))
    }
}

fn answered(bundle: &Bundle, id: &QuestionId, answer: Option<&str>) -> Words {
    let question = bundle.find_question(id);
    let text = question.map_or_else(|| Name::plain(id.as_str()), |question| Name::of(&question.text));
    let Some(answer) = answer else {
        return text.told("{} 收回答案", "{} Answer taken back");
    };
    let choice = question.and_then(|question| match &question.kind {
        QuestionKind::Choice(choices) | QuestionKind::Many(choices) => choices.iter().find(|choice| choice.id == answer),
        QuestionKind::Number { .. } => None,
    });
    let chosen = choice.map_or_else(|| Name::plain(answer), |choice| Name::of(&choice.name));
    Words::new(format!("{} {}", text.zh, chosen.zh), format!("{} {}", text.en, chosen.en))
}

fn field_name(bundle: &Bundle, key: &FieldKey) -> Name {
    bundle.find_field(key).map_or_else(|| Name::plain(key.as_str()), |field| Name::of(&field.name))
}

fn matter_name(bundle: &Bundle, id: &MatterId) -> Name {
    bundle.find_matter(id).map_or_else(|| Name::plain(id.as_str()), |matter| Name::of(&matter.name))
}

fn paper(bundle: &Bundle, key: &MaterialKey) -> Name {
    let Some(material) = bundle.find_material(key) else {
        return Name::plain(key.as_str());
    };
    match &material.role {
        Some(role) => Name {
            zh: format!("{}（{}）", material.paper.name.zh, role.zh),
            en: format!("{} ({})", material.paper.name.en, role.en),
        },
        None => Name::of(&material.paper.name),
    }
}

fn marked(paper: &Name, mark: Option<&MaterialMark>) -> Words {
    match mark {
        Some(MaterialMark::SharedConfirmed) => paper.told("{}：申请人确认共享数据", "{}: shared data confirmed by the applicant"),
        Some(MaterialMark::CommitmentSigned) => paper.told("{}：已签承诺书", "{}: commitment signed"),
        Some(MaterialMark::Outstanding) => paper.told("{}：容后补交", "{}: to follow"),
        Some(MaterialMark::OtherProof(reason)) => Words::new(
            format!("{}：以其他证明代替（{reason}）", paper.zh),
            format!("{}: another proof ({reason})", paper.en),
        ),
        None => paper.told("{}：取消标注", "{}: mark taken back"),
    }
}

/// The verdict on a page; its code stays when a later version knows more.
fn verdict(code: &str) -> Name {
    let (zh, en) = match code {
        "usable" => ("可用", "usable"),
        "blank" => ("空白", "blank"),
        "cut-edge" => ("缺边", "an edge is missing"),
        "blurred" => ("模糊", "blurred"),
        "glare" => ("反光", "glare"),
        "low-dpi" => ("分辨率低", "resolution too low"),
        "too-dark" => ("太暗", "too dark"),
        "too-bright" => ("过亮", "too bright"),
        "fingers" => ("手指遮挡", "a finger lies on it"),
        "moire" => ("有波纹", "moiré"),
        "pale-seal" => ("印章太淡", "the seal hardly shows"),
        other => (other, other),
    };
    Name {
        zh: zh.to_owned(),
        en: en.to_owned(),
    }
}
