//! Documents that a clerk has made, copies of licences, and the papers of the counter that belong to no case.

use std::fmt::Debug;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use onewindow_case::ids::{DocumentId, MatterId};
use onewindow_desk::{Desk, DeskFault};
use onewindow_ipc::case_view::{CaseView, OutcomeKind, OutcomeRequest, PrintStateView};
use onewindow_ipc::paper::{AnswerView, OfferView};
use onewindow_testkit::departments::Policy;
use onewindow_testkit::thermal::ThermalLoopback;

use crate::fillings;
use crate::lone_counter::{CLERK, LoneCounter};
use crate::stand::{Counter, Office, id_of, request};
use crate::whole::accepted;

fn code<T: Debug>(result: Result<T, DeskFault>) -> String {
    result.unwrap_err().to_command_fault().code
}

fn offered(view: &CaseView) -> Vec<(&str, &str)> {
    view.offers
        .iter()
        .map(|offer| (offer.kind.as_str(), offer.matter.as_deref().unwrap_or_default()))
        .collect()
}

fn find<'v>(view: &'v CaseView, kind: &str, matter: &str) -> &'v OfferView {
    let is_it = |offer: &&OfferView| offer.kind == kind && offer.matter.as_deref().unwrap_or_default() == matter;
    view.offers
        .iter()
        .find(is_it)
        .unwrap_or_else(|| panic!("{kind} {matter} is on offer: {:?}", offered(view)))
}

/// The proposed answers with these in their places.
fn answers(offer: &OfferView, said: &[(&str, &str)]) -> Vec<AnswerView> {
    let value = |ask: &str, proposed: &str| said.iter().find(|(key, _)| *key == ask).map_or(proposed, |(_, value)| *value).to_owned();
    offer
        .asks
        .iter()
        .map(|ask| AnswerView {
            ask: ask.ask.clone(),
            value: value(&ask.ask, &ask.value),
        })
        .collect()
}

fn make(desk: &Desk, view: &CaseView, kind: &str, matter: &str, said: &[(&str, &str)]) -> CaseView {
    let offer = find(view, kind, matter);
    let matter = offer.matter.as_deref().map(MatterId::new);
    desk.make_offered(id_of(view), kind, matter.as_ref(), &answers(offer, said)).unwrap()
}

/// The words on the newest document of a kind, by poppler; `None` where it is not installed.
fn words_of(counter: &Counter, view: &CaseView, kind: &str) -> Option<String> {
    let document = view
        .documents
        .iter()
        .rev()
        .find(|document| document.kind == kind)
        .unwrap_or_else(|| panic!("{kind} was made"));
    let bytes = counter
        .desk
        .document_bytes(id_of(view), DocumentId::parse(&document.document_id).unwrap())
        .unwrap();
    text_of(&counter.data, &bytes)
}

fn text_of(folder: &Path, bytes: &[u8]) -> Option<String> {
    let file = folder.join("looked-at.pdf");
    std::fs::write(&file, bytes).unwrap();
    match Command::new("pdftotext").arg("-layout").arg(&file).arg("-").output() {
        Ok(output) => {
            let text = String::from_utf8(output.stdout).unwrap();
            Some(text.chars().filter(|character| !character.is_whitespace()).collect())
        }
        Err(error) => {
            eprintln!("skipped: pdftotext can not be run ({error})");
            None
        }
    }
}

#[test]
fn a_notice_names_its_matters_without_keys_of_the_catalogue() {
    let counter = Counter::alone();
    let karaoke = fillings::ALL.iter().find(|filling| filling.bundle == "karaoke").unwrap();
    let view = accepted(&counter, karaoke, false);
    if let Some(text) = words_of(&counter, &view, "acceptance-notice") {
        assert!(
            text.contains("消防安全检查") && !text.contains("karaoke") && !text.contains("fire_check"),
            "{text}"
        );
    }
}

#[test]
fn what_a_department_decided_is_put_on_paper_once_and_served() {
    let office = Office::open();
    let counter = Counter::of(&office.url);
    let view = accepted(&counter, fillings::find("karaoke"), false);
    let before = offered(&view).iter().any(|(kind, _)| kind.ends_with("-decision"));
    assert!(!before, "nothing is decided yet: {:?}", offered(&view));
    office.sync(&counter);
    let mut policy = Policy::default();
    policy.refuse.insert("fire_check".to_owned(), "疏散通道宽度不足".to_owned());
    office.decide_all(policy);
    office.sync(&counter);
    let view = counter.desk.show_case(id_of(&view)).unwrap();

    let view = make(
        &counter.desk,
        &view,
        "grant-decision",
        "business_licence",
        &[("conditions", "每日凌晨二时停止营业")],
    );
    let view = make(&counter.desk, &view, "refusal-decision", "fire_check", &[]);
    assert!(!offered(&view).contains(&("grant-decision", "business_licence")), "made once");
    assert_eq!(
        code(counter.desk.make_offered(id_of(&view), "grant-decision", Some(&"business_licence".into()), &[])),
        "not-on-offer"
    );
    assert_eq!(
        code(counter.desk.make_offered(id_of(&view), "grant-decision", Some(&"fire_check".into()), &[])),
        "not-on-offer",
        "a refused matter is not granted on paper"
    );
    if let Some(text) = words_of(&counter, &view, "refusal-decision") {
        assert!(
            text.contains("疏散通道宽度不足") && text.contains("行政复议") && text.contains("消防"),
            "{text}"
        );
    }
    if let Some(text) = words_of(&counter, &view, "grant-decision") {
        let number = view
            .matters
            .iter()
            .find(|matter| matter.matter == "business_licence")
            .and_then(|matter| matter.licence_no.clone())
            .unwrap();
        assert!(
            text.contains("每日凌晨二时停止营业") && text.contains(&number) && text.contains("市场监督管理局"),
            "{text}"
        );
    }

    let view = make(
        &counter.desk,
        &view,
        "proof-of-delivery",
        "fire_check",
        &[("receiver", "苏念安"), ("relation", "本人")],
    );
    if let Some(text) = words_of(&counter, &view, "proof-of-delivery") {
        assert!(
            text.contains("不予行政许可决定书") && text.contains("苏念安") && text.contains("直接送达"),
            "{text}"
        );
    }
    let made = view.documents.iter().filter(|document| document.kind == "proof-of-delivery").count();
    let view = make(&counter.desk, &view, "proof-of-delivery", "fire_check", &[("way", "邮寄送达")]);
    let again = view.documents.iter().filter(|document| document.kind == "proof-of-delivery").count();
    assert_eq!((made, again), (1, 2), "each attempt to serve has a proof of its own");
    let numbers: Vec<&str> = view
        .documents
        .iter()
        .map(|document| document.number.as_str())
        .filter(|number| !number.is_empty())
        .collect();
    let distinct: std::collections::BTreeSet<&str> = numbers.iter().copied().collect();
    assert_eq!(numbers.len(), distinct.len(), "no number twice: {numbers:?}");
}

#[test]
fn a_longer_time_is_told_in_writing_with_the_days_as_they_were_and_are() {
    let office = Office::open();
    let counter = Counter::of(&office.url);
    let view = accepted(&counter, fillings::find("restaurant"), false);
    office.sync(&counter);
    let first = view.matters.iter().find(|matter| matter.due.is_some()).unwrap();
    let (matter, due_before) = (first.matter.clone(), first.due.clone().unwrap());
    let mut policy = Policy::default();
    policy.extend.insert(matter.clone(), (5, "现场核查须另约时间".to_owned(), "何立".to_owned()));
    office.decide_all(policy);
    office.sync(&counter);
    let view = counter.desk.show_case(id_of(&view)).unwrap();
    let due = view.matters.iter().find(|known| known.matter == matter).unwrap().due.clone().unwrap();
    assert!(due > due_before, "{due} {due_before}");
    let offer = find(&view, "extension-notice", &matter);
    assert_eq!(
        code(
            counter
                .desk
                .make_offered(id_of(&view), "extension-notice", Some(&MatterId::new(&matter)), &answers(offer, &[]))
        ),
        "answer-missing",
        "who approved it has to be said"
    );
    let view = make(&counter.desk, &view, "extension-notice", &matter, &[("approver", "何立")]);
    if let Some(text) = words_of(&counter, &view, "extension-notice") {
        assert!(
            text.contains("现场核查须另约时间") && text.contains("何立") && text.contains("5个工作日"),
            "{text}"
        );
        for day in [&due_before, &due] {
            let [year, month, day]: [u32; 3] = day.split('-').map(|part| part.parse().unwrap()).collect::<Vec<_>>().try_into().unwrap();
            assert!(text.contains(&format!("{year}年{month}月{day}日")), "{text}");
        }
    }
}

#[test]
fn a_special_procedure_is_told_with_its_kind_and_time() {
    let office = Office::open();
    let counter = Counter::of(&office.url);
    let view = accepted(&counter, fillings::find("karaoke"), false);
    office.sync(&counter);
    let mut policy = Policy::default();
    policy.suspend.insert("business_licence".to_owned(), "名称争议须听证".to_owned());
    office.decide_all(policy);
    office.sync(&counter);
    let view = counter.desk.show_case(id_of(&view)).unwrap();
    let offer = find(&view, "special-procedure-notice", "business_licence");
    for wrong in ["", "0", "三", "1000"] {
        let said = answers(offer, &[("days", wrong), ("approver", "何立")]);
        let made = counter.desk.make_offered(id_of(&view), &offer.kind, Some(&"business_licence".into()), &said);
        assert_eq!(code(made), "answer-missing", "{wrong:?}");
    }
    let said = answers(offer, &[("days", "7"), ("approver", "何立"), ("procedure", "酌情")]);
    let made = counter.desk.make_offered(id_of(&view), &offer.kind, Some(&"business_licence".into()), &said);
    assert_eq!(code(made), "answer-missing", "the law knows no such procedure");
    let view = make(
        &counter.desk,
        &view,
        "special-procedure-notice",
        "business_licence",
        &[("days", "7"), ("approver", "何立"), ("procedure", "听证")],
    );
    if let Some(text) = words_of(&counter, &view, "special-procedure-notice") {
        assert!(text.contains("听证") && text.contains("名称争议须听证") && text.contains("7个工作日"), "{text}");
    }
}

#[test]
fn money_is_added_up_and_written_in_capitals_and_nothing_else_is_taken() {
    let counter = Counter::alone();
    let view = accepted(&counter, fillings::find("property_transfer"), false);
    let said = [
        ("purpose", "契税"),
        ("basis", "《中华人民共和国契税法》第三条"),
        ("period", "2026年12月8日前"),
        ("account", "电子税务局"),
        ("item-1", "契税"),
        ("amount-1", "16800"),
        ("item-2", "登记费"),
        ("amount-2", "80.5"),
    ];
    let offer = find(&view, "payment-note", "");
    for (key, wrong) in [
        ("amount-1", "一万"),
        ("amount-1", "1,680"),
        ("amount-2", ""),
        ("item-2", ""),
        ("amount-1", "-5"),
    ] {
        let mut said = said.to_vec();
        said.retain(|(known, _)| *known != key);
        said.push((key, wrong));
        let made = counter.desk.make_offered(id_of(&view), "payment-note", None, &answers(offer, &said));
        assert_eq!(code(made), "answer-missing", "{key} {wrong:?}");
    }
    let unprintable = [("purpose", "契\u{31349}税")];
    let mut wrong: Vec<(&str, &str)> = said[1..].to_vec();
    wrong.extend(unprintable);
    assert_eq!(
        code(counter.desk.make_offered(id_of(&view), "payment-note", None, &answers(offer, &wrong))),
        "unprintable"
    );
    let view = make(&counter.desk, &view, "payment-note", "", &said);
    if let Some(text) = words_of(&counter, &view, "payment-note") {
        assert!(text.contains("16880.50") || text.contains("16,880.50"), "{text}");
        assert!(text.contains("人民币壹万陆仟捌佰捌拾元伍角整"), "{text}");
    }
}

#[test]
fn papers_go_to_the_department_on_a_list_and_the_applicant_gets_the_guide_before() {
    let counter = Counter::alone();
    let draft = counter.begin(fillings::find("karaoke"));
    let draft = make(&counter.desk, &draft, "guide-list", "", &[]);
    if let Some(text) = words_of(&counter, &draft, "guide-list") {
        assert!(text.contains("一次性告知单") && text.contains("市监局"), "{text}");
        let required = draft
            .checklist
            .iter()
            .filter(|item| item.disposition == onewindow_ipc::case_view::Disposition::Required);
        for paper in required {
            let name: String = paper.name.zh.chars().filter(|character| !character.is_whitespace()).take(8).collect();
            assert!(text.contains(&name), "{name} is told: {text}");
        }
    }
    let view = counter.hand_in(&draft, |_| false);
    let view = counter.decide(&view, OutcomeKind::Accept).unwrap();
    let view = make(&counter.desk, &view, "hand-over-list", "", &[("to", "市场监督管理局"), ("bag", "B-2026-00417")]);
    if let Some(text) = words_of(&counter, &view, "hand-over-list") {
        assert!(text.contains("B-2026-00417") && text.contains("沈青"), "{text}");
    }
}

#[test]
fn nobody_asks_for_a_rating_where_no_page_is_set_up() {
    let counter = Counter::alone();
    let view = accepted(&counter, fillings::find("exit_entry"), false);
    assert!(!offered(&view).iter().any(|(kind, _)| *kind == "rating-slip"));
}

/// A licence of a granted matter on paper and in the applicant's hands.
fn delivered(office: &Office, counter: &Counter) -> CaseView {
    let view = accepted(counter, fillings::find("karaoke"), false);
    office.sync(counter);
    office.decide_all(Policy::default());
    office.sync(counter);
    let view = counter.desk.show_case(id_of(&view)).unwrap();
    crate::stand::hand_over(counter, &view, "business_licence")
}

#[test]
fn a_copy_of_a_licence_names_itself_in_text_and_code_and_takes_a_blank_of_its_own() {
    let office = Office::open();
    let counter = Counter::of(&office.url);
    let view = delivered(&office, &counter);
    let id = id_of(&view);
    let matter = MatterId::new("business_licence");
    let shown = |view: &CaseView| view.matters.iter().find(|known| known.matter == "business_licence").unwrap().clone();
    assert!(shown(&view).licence_copyable);
    let first = shown(&view).blank.unwrap().serial;
    let serial = shown(&view).next_blank.unwrap();
    assert_eq!(code(counter.desk.copy_licence(id, &matter, &serial, " ")), "reason-missing");
    assert_eq!(
        code(counter.desk.copy_licence(id, &matter, &first, "遗失")),
        "blank-not-in-stock",
        "a blank is used once"
    );
    let view = counter.desk.copy_licence(id, &matter, &serial, "申请人遗失原件").unwrap();
    assert!(!shown(&view).licence_copyable, "the sheet has to be looked at first");
    assert_eq!(code(counter.desk.copy_licence(id, &matter, "33TA000009", "遗失")), "no-licence");
    let licence = view
        .documents
        .iter()
        .find(|document| document.licence_of.as_deref() == Some("business_licence"))
        .unwrap();
    assert_eq!(licence.prints.iter().map(|print| print.copy_no).collect::<Vec<_>>(), [0, 1]);

    let print = onewindow_case::ids::PrintId::parse(&licence.prints[1].print_id).unwrap();
    let sheet = counter.desk.sheet_of(id, print).unwrap();
    if let Some(text) = text_of(&counter.data, &sheet) {
        assert!(text.contains("补打第1次") && text.contains("申请人遗失原件") && text.contains("沈青"), "{text}");
        assert!(text.contains(&serial), "its own blank: {text}");
    }
    let stored = counter.desk.document_bytes(id, DocumentId::parse(&licence.document_id).unwrap()).unwrap();
    assert_ne!(stored, sheet, "the stored bytes stay as they are");
    let code_of_copy = counter.desk.code_on(id, print).unwrap();
    let checked = counter.desk.check_licence(&code_of_copy).unwrap();
    assert!(checked.holds, "{checked:?}");
    assert!(
        checked.lines.iter().any(|line| line.value.zh.contains('1') && line.label.zh.contains("补打")),
        "{checked:?}"
    );

    let spoiled = counter
        .desk
        .settle_blank(id, &serial, false, Some("卡纸"), Some(crate::stand::SUPERVISOR))
        .unwrap();
    assert!(shown(&spoiled).licence_copyable, "a spoiled copy is made again");
    let next = shown(&spoiled).next_blank.unwrap();
    let view = counter.desk.copy_licence(id, &matter, &next, "申请人遗失原件").unwrap();
    let licence = view
        .documents
        .iter()
        .find(|document| document.licence_of.as_deref() == Some("business_licence"))
        .unwrap();
    assert_eq!(
        licence.prints.iter().map(|print| (print.copy_no, print.state)).collect::<Vec<_>>(),
        [(0, PrintStateView::Pending), (1, PrintStateView::Spoiled), (1, PrintStateView::Pending)],
        "a spoiled sheet gives its number to the next"
    );
    counter.desk.settle_blank(id, &next, true, None, None).unwrap();
    let day = counter.desk.day().unwrap();
    let blanks = day.blanks.iter().find(|blank| blank.kind == "business_licence").unwrap();
    assert_eq!((blanks.used, blanks.spoiled, blanks.booked), (2, 1, 0), "every sheet is accounted for");
}

#[test]
fn tickets_and_guides_are_printed_without_a_case_and_counted_by_the_day() {
    let paper = ThermalLoopback::start().unwrap();
    let stand = LoneCounter::with(&serde_json::json!({ "slip_printer": paper.address() }));
    stand.sign_in(CLERK);
    let desk = &stand.desk;
    assert_eq!(code(desk.print_ticket("no-such-service")), "bundle-unknown");
    for number in ["A001", "A002"] {
        assert_eq!(desk.print_ticket("karaoke").unwrap().subject.zh, number);
    }
    desk.print_guide("newborn").unwrap();
    let settled = |state: PrintStateView| {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let papers = desk.day().unwrap().papers;
            if papers.iter().filter(|paper| paper.kind == "queue-ticket").all(|paper| paper.print == state) {
                return papers;
            }
            assert!(Instant::now() < deadline, "{papers:?}");
            std::thread::sleep(Duration::from_millis(100));
        }
    };
    let papers = settled(PrintStateView::Confirmed);
    assert_eq!(papers.len(), 3);
    assert_eq!(
        paper.slips().len(),
        2,
        "two tickets came out of the roll, the guide waits for an office printer"
    );
    assert_eq!(papers[0].kind, "guide-list");
    assert_eq!(papers[0].print, PrintStateView::Pending, "no A4 printer is set up here");
    assert!(desk.day().unwrap().can_close, "a guide that waits keeps nobody");
    let stand = stand.again();
    stand.sign_in(CLERK);
    assert_eq!(stand.desk.print_ticket("karaoke").unwrap().subject.zh, "A003", "numbers go on after a restart");
}

#[test]
fn a_matter_that_needs_no_licence_leaves_a_note_with_the_law() {
    let counter = Counter::alone();
    let view = counter.begin(fillings::find("karaoke"));
    let wish = OutcomeRequest {
        text: Some("《行政许可法》第三十二条第一款第（一）项".to_owned()),
        ..request(&view, OutcomeKind::NotRequired)
    };
    let view = counter.desk.decide_outcome(id_of(&view), &wish).unwrap();
    assert_eq!(view.state, "not_required");
    if let Some(text) = words_of(&counter, &view, "not-required-note") {
        assert!(text.contains("第三十二条") && text.contains("不受理"), "{text}");
    }
}
