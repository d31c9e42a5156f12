//! The desk's lists: what waits for this clerk, what happened today, what is to be handed out; and the search over services.

use onewindow_case::Case;
use onewindow_case::case::Matter;
use onewindow_case::event::ApplicantKind;
use onewindow_case::state::CaseState;
use onewindow_ipc::Words;
use onewindow_ipc::case_view::{NodeState, SafeTrack};
use onewindow_ipc::session::Role;
use onewindow_ipc::worklist::{BundleHit, WorklistCounts, WorklistFilter, WorklistRow, WorklistView};
use onewindow_store::CaseSummary;

use crate::clock::{day, stamp};
use crate::desk::Desk;
use crate::fault::DeskFault;

/// Most rows of a list.
const ROWS_MAX: usize = 300;
/// Most cases looked through for a list.
const LOOKED_MAX: usize = 2_000;
/// Most services shown.
const HITS_MAX: usize = 12;

impl Desk {
    /// Rows of one list and the figures of all.
    ///
    /// # Errors
    /// Nobody signed in.
    pub fn list_cases(&self, filter: WorklistFilter) -> Result<WorklistView, DeskFault> {
        let staff = self.require(&[Role::Clerk, Role::Supervisor])?;
        let today = self.shared.clock.today();
        let lines = self.shared.store.cases(0, LOOKED_MAX);
        let fits = |line: &CaseSummary, filter: WorklistFilter| match filter {
            WorklistFilter::Mine => line.opened_by.as_str() == staff.staff_no && is_open(line.state),
            WorklistFilter::Today => line.opened_on == today,
            WorklistFilter::Supplement => matches!(line.state, CaseState::Supplement | CaseState::AcceptedConditional),
            WorklistFilter::Ready => line.matters.iter().any(|matter| matter.state == onewindow_case::state::MatterState::Granted),
            WorklistFilter::Returned => line.sent_back,
        };
        let count = |filter| u32::try_from(lines.iter().filter(|line| fits(line, filter)).count()).unwrap_or(u32::MAX);
        let counts = WorklistCounts {
            mine: count(WorklistFilter::Mine),
            today: count(WorklistFilter::Today),
            supplement: count(WorklistFilter::Supplement),
            ready: count(WorklistFilter::Ready),
            returned: count(WorklistFilter::Returned),
        };
        let mut rows: Vec<WorklistRow> = lines
            .iter()
            .filter(|line| fits(line, filter))
            .take(ROWS_MAX)
            .filter_map(|line| self.row(line).ok())
            .collect();
        sort(&mut rows);
        Ok(WorklistView { rows, counts })
    }

    /// Cases by number, ticket or applicant.
    ///
    /// # Errors
    /// Nobody signed in.
    pub fn find_cases(&self, query: &str) -> Result<Vec<WorklistRow>, DeskFault> {
        self.require(&[Role::Clerk, Role::Supervisor])?;
        let wanted: String = query.trim().replace('-', "").to_lowercase();
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let holds = |text: &str| text.replace('-', "").to_lowercase().contains(&wanted);
        let lines = self.shared.store.cases(0, LOOKED_MAX);
        let found = lines
            .iter()
            .filter(|line| holds(&line.case_no) || line.ticket.as_deref().is_some_and(holds) || line.applicant.as_deref().is_some_and(holds));
        Ok(found.take(HITS_MAX).filter_map(|line| self.row(line).ok()).collect())
    }

    /// Services by Chinese, pinyin, initials or English; all of them for an empty query.
    ///
    /// # Errors
    /// Nobody signed in.
    pub fn search_bundles(&self, query: &str) -> Result<Vec<BundleHit>, DeskFault> {
        self.require(&[Role::Clerk, Role::Supervisor])?;
        let catalogue = self.catalogue();
        let hits = catalogue.search(query);
        Ok(hits
            .iter()
            .take(HITS_MAX)
            .filter_map(|hit| catalogue.find_bundle(&hit.bundle))
            .map(|bundle| {
                let departments: std::collections::BTreeSet<_> = bundle.matters.iter().map(|matter| &matter.department).collect();
                let (matters, departments) = (bundle.matters.len(), departments.len());
                let time = &bundle.figures.time_after;
                BundleHit {
                    bundle: bundle.id.to_string(),
                    name: (&bundle.name).into(),
                    summary: Words::new(
                        format!("{matters} 个事项 · {departments} 个部门 · {}", time.zh),
                        format!("{matters} matters · {departments} departments · {}", time.en),
                    ),
                    papers_before: bundle.figures.materials_before,
                    papers_after: bundle.figures.materials_after,
                }
            })
            .collect())
    }

    /// One case as a row.
    pub(crate) fn row(&self, line: &CaseSummary) -> Result<WorklistRow, DeskFault> {
        let case = self.get_case(line.id)?;
        Ok(self.row_of(&case, line.opened_by.as_str(), line.opened_ms))
    }

    /// A case as a row, given who opened it and when (ms since 1970 UTC).
    pub(crate) fn row_of(&self, case: &Case, opened_by: &str, opened_ms: i64) -> WorklistRow {
        let (due, days_left, alert) = self.deadline(case);
        let bundle = self.get_bundle(case).ok();
        let needs_me = needs_hand(case);
        WorklistRow {
            counter: self.shared.config.label.clone(),
            case_id: case.id.to_string(),
            case_no: case.case_no.clone(),
            ticket: ticket(case),
            bundle: bundle.map_or_else(|| Words::new(case.bundle.as_str(), case.bundle.as_str()), |bundle| (&bundle.name).into()),
            applicant: masked_name(case),
            state: case.state().code().to_owned(),
            state_words: state_words(case.state()),
            note: self.note_of(case),
            due: due.map(day),
            days_left,
            alert,
            safe: self.safe_track(case),
            next: next_step(case),
            needs_me,
            clerk: self.staff_name(opened_by),
            age_min: u32::try_from((self.shared.clock.now_ms() - opened_ms).max(0) / 60_000).unwrap_or(u32::MAX),
        }
    }

    /// Where a case is safe, each node by the word of whoever can know.
    pub(crate) fn safe_track(&self, case: &Case) -> SafeTrack {
        if case.sent_back.is_some() {
            return SafeTrack {
                here: NodeState::Full,
                centre: NodeState::Returned,
                words: Words::new("值班长退回", "sent back by the supervisor"),
            };
        }
        match case.received_by_centre {
            Some((revision, at_ms)) if revision >= case.own_revision => SafeTrack {
                here: NodeState::Full,
                centre: NodeState::Full,
                words: Words::new(format!("中心已收 {}", clock_of(at_ms)), format!("received by the centre {}", clock_of(at_ms))),
            },
            _ if crate::desk::lock(&self.shared.standing).centre_silent_since_ms.is_some() => SafeTrack {
                here: NodeState::Full,
                centre: NodeState::Open,
                words: Words::new("已存本机，中心待送", "safe on this PC, waiting for the centre"),
            },
            _ => SafeTrack {
                here: NodeState::Full,
                centre: NodeState::Half,
                words: Words::new("已存本机，正在送", "safe on this PC, being sent"),
            },
        }
    }

    fn note_of(&self, case: &Case) -> Words {
        if let Some(back) = &case.sent_back {
            return Words::new(format!("值班长退回：{}", back.reason), format!("sent back: {}", back.reason));
        }
        let open: Vec<_> = case.matters.iter().filter(|matter| matter.state.is_before_decision()).collect();
        let catalogue = self.catalogue_of(case);
        let department_of = |matter: Option<&&Matter>| matter.and_then(|matter| catalogue.departments().get(&matter.department));
        let today = self.shared.clock.today();
        // The row's day is the promise for everything: that one department is late shows here, while the rest may still be in time.
        let late = department_of(open.iter().find(|matter| matter.due.is_some_and(|due| due < today)));
        if let (CaseState::Accepted | CaseState::AcceptedConditional | CaseState::InReview, Some(late)) = (case.state(), late) {
            return Words::new(format!("{}逾期", late.short.zh), format!("{}, late", late.short.en));
        }
        let department = department_of(open.iter().find(|matter| matter.state == onewindow_case::state::MatterState::InReview));
        match (case.state(), department) {
            (CaseState::InReview, Some(department)) => Words::new(department.short.zh.clone(), department.short.en.clone()),
            (CaseState::Draft, _) => {
                let pages = case.counted_pages().count();
                Words::new(format!("已收 {pages} 页"), format!("{pages} pages"))
            }
            (CaseState::Supplement, _) => Words::new(format!("{} 处待补", case.deficiencies.len()), format!("{} points", case.deficiencies.len())),
            (CaseState::Accepted | CaseState::AcceptedConditional, _) => Words::new(format!("{} 个事项", open.len()), format!("{} matters", open.len())),
            _ => Words::new("", ""),
        }
    }
}

fn clock_of(at_ms: i64) -> String {
    stamp(at_ms).get(11..16).unwrap_or_default().to_owned()
}

/// The ticket, or the sequence of the day when nobody took one.
pub(crate) fn ticket(case: &Case) -> String {
    case.ticket.clone().unwrap_or_else(|| {
        let sequence = case.case_no.split('-').nth(4).unwrap_or_default();
        format!("N{}", sequence.get(1..).unwrap_or(sequence))
    })
}

/// `苏*安`: the middle of a person's name is hidden in lists; an organisation's name is public.
pub(crate) fn masked_name(case: &Case) -> String {
    let Some(applicant) = &case.applicant else { return String::new() };
    let letters: Vec<char> = applicant.name.chars().collect();
    match (applicant.kind, letters.as_slice()) {
        (ApplicantKind::Organisation, _) | (ApplicantKind::Person, [] | [_]) => applicant.name.clone(),
        (ApplicantKind::Person, [first, _]) => format!("{first}*"),
        (ApplicantKind::Person, [first, .., last]) => format!("{first}*{last}"),
    }
}

/// The word of a state for people.
pub(crate) fn state_words(state: CaseState) -> Words {
    match state {
        CaseState::Draft => Words::new("草稿", "Draft"),
        CaseState::Received => Words::new("已收件", "Papers received"),
        CaseState::Supplement => Words::new("待补正", "Supplement awaited"),
        CaseState::NotRequired => Words::new("不受理", "No licence needed"),
        CaseState::Rejected => Words::new("不予受理", "Acceptance refused"),
        CaseState::Withdrawn => Words::new("已撤回", "Withdrawn"),
        CaseState::DeemedWithdrawn => Words::new("视为撤回", "Counts as withdrawn"),
        CaseState::Revoked => Words::new("撤销受理", "Acceptance revoked"),
        CaseState::Accepted => Words::new("已受理", "Accepted"),
        CaseState::AcceptedConditional => Words::new("容缺受理", "Accepted, papers outstanding"),
        CaseState::InReview => Words::new("审查中", "With departments"),
        CaseState::Suspended => Words::new("特别程序", "Suspended"),
        CaseState::Ready => Words::new("待领取", "Ready to collect"),
        CaseState::Completed => Words::new("办结", "Completed"),
    }
}

fn next_step(case: &Case) -> Words {
    if case.sent_back.is_some() {
        return Words::new("处理退回", "Settle");
    }
    if case
        .prints
        .iter()
        .any(|print| matches!(print.state, onewindow_case::print_job::PrintState::Uncertain { .. }))
    {
        return Words::new("查看出纸盘", "Look at the tray");
    }
    match case.state() {
        CaseState::Draft | CaseState::Received => Words::new("继续受理", "Continue"),
        CaseState::Supplement | CaseState::AcceptedConditional => Words::new("核对补交材料", "Check papers"),
        CaseState::Ready => Words::new("发证", "Hand out"),
        CaseState::Accepted | CaseState::InReview | CaseState::Suspended => Words::new("等待中", "Waiting"),
        CaseState::NotRequired | CaseState::Rejected | CaseState::Withdrawn | CaseState::DeemedWithdrawn | CaseState::Revoked | CaseState::Completed => {
            Words::new("查看", "View")
        }
    }
}

fn needs_hand(case: &Case) -> bool {
    case.sent_back.is_some()
        || case
            .prints
            .iter()
            .any(|print| matches!(print.state, onewindow_case::print_job::PrintState::Uncertain { .. }))
        || matches!(case.state(), CaseState::Draft | CaseState::Received | CaseState::Ready)
}

const fn is_open(state: CaseState) -> bool {
    match state {
        CaseState::Draft
        | CaseState::Received
        | CaseState::Supplement
        | CaseState::Accepted
        | CaseState::AcceptedConditional
        | CaseState::InReview
        | CaseState::Suspended
        | CaseState::Ready => true,
        CaseState::NotRequired | CaseState::Rejected | CaseState::Withdrawn | CaseState::DeemedWithdrawn | CaseState::Revoked | CaseState::Completed => false,
    }
}

/// What needs the clerk first, then by due date, then newest first.
fn sort(rows: &mut [WorklistRow]) {
    rows.sort_by_key(|row| (!row.needs_me, row.due.clone().unwrap_or_else(|| "9999".to_owned()), row.age_min));
}
