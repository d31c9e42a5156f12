// Written in the shape that tauri-specta generates from crates/ipc; replaced by its output.
import { invoke as __TAURI_INVOKE } from "@tauri-apps/api/core";
import * as __TAURI_EVENT from "@tauri-apps/api/event";

/** Commands */
export const commands = {
	getStart: () => typedError<StartView, CommandFault>(__TAURI_INVOKE("get_start")),
	signIn: (staffNo: string, pin: string) => typedError<SessionView, CommandFault>(__TAURI_INVOKE("sign_in", { staffNo, pin })),
	signOut: () => typedError<null, CommandFault>(__TAURI_INVOKE("sign_out")),
	lock: () => typedError<null, CommandFault>(__TAURI_INVOKE("lock")),
	unlock: (pin: string) => typedError<SessionView, CommandFault>(__TAURI_INVOKE("unlock", { pin })),
	getStatus: () => typedError<StatusView, CommandFault>(__TAURI_INVOKE("get_status")),
	listCases: (filter: WorklistFilter) => typedError<WorklistView, CommandFault>(__TAURI_INVOKE("list_cases", { filter })),
	searchBundles: (query: string) => typedError<BundleHit[], CommandFault>(__TAURI_INVOKE("search_bundles", { query })),
	findCases: (query: string) => typedError<WorklistRow[], CommandFault>(__TAURI_INVOKE("find_cases", { query })),
	openCase: (bundle: string, ticket: string | null) => typedError<CaseView, CommandFault>(__TAURI_INVOKE("open_case", { bundle, ticket })),
	getCase: (caseId: string) => typedError<CaseView, CommandFault>(__TAURI_INVOKE("get_case", { caseId })),
	setApplicant: (caseId: string, applicant: ApplicantView) => typedError<CaseView, CommandFault>(__TAURI_INVOKE("set_applicant", { caseId, applicant })),
	answerQuestion: (caseId: string, question: string, answer: string | null) => typedError<CaseView, CommandFault>(__TAURI_INVOKE("answer_question", { caseId, question, answer })),
	setField: (caseId: string, field: string, value: string) => typedError<CaseView, CommandFault>(__TAURI_INVOKE("set_field", { caseId, field, value })),
	confirmField: (caseId: string, field: string) => typedError<CaseView, CommandFault>(__TAURI_INVOKE("confirm_field", { caseId, field })),
	confirmClearFields: (caseId: string, pageId: string) => typedError<CaseView, CommandFault>(__TAURI_INVOKE("confirm_clear_fields", { caseId, pageId })),
	scanInto: (caseId: string, material: string | null, profile: ScanProfile) => typedError<CaseView, CommandFault>(__TAURI_INVOKE("scan_into", { caseId, material, profile })),
	cancelScan: (caseId: string) => typedError<CaseView, CommandFault>(__TAURI_INVOKE("cancel_scan", { caseId })),
	importFiles: (caseId: string, material: string | null, paths: string[]) => typedError<CaseView, CommandFault>(__TAURI_INVOKE("import_files", { caseId, material, paths })),
	importDialog: (caseId: string, material: string | null) => typedError<CaseView, CommandFault>(__TAURI_INVOKE("import_dialog", { caseId, material })),
	assignPage: (caseId: string, pageId: string, material: string | null) => typedError<CaseView, CommandFault>(__TAURI_INVOKE("assign_page", { caseId, pageId, material })),
	turnPage: (caseId: string, pageId: string, quarterTurns: number) => typedError<CaseView, CommandFault>(__TAURI_INVOKE("turn_page", { caseId, pageId, quarterTurns })),
	removePage: (caseId: string, pageId: string) => typedError<CaseView, CommandFault>(__TAURI_INVOKE("remove_page", { caseId, pageId })),
	restorePage: (caseId: string, pageId: string) => typedError<CaseView, CommandFault>(__TAURI_INVOKE("restore_page", { caseId, pageId })),
	markMaterial: (caseId: string, material: string, mark: MarkView | null, reason: string | null) => typedError<CaseView, CommandFault>(__TAURI_INVOKE("mark_material", { caseId, material, mark, reason })),
	decideOutcome: (caseId: string, request: OutcomeRequest) => typedError<CaseView, CommandFault>(__TAURI_INVOKE("decide_outcome", { caseId, request })),
	previewDocument: (caseId: string, kind: string, lang: string) => typedError<PreviewView, CommandFault>(__TAURI_INVOKE("preview_document", { caseId, kind, lang })),
	printDocument: (caseId: string, documentId: string, reason: string | null) => typedError<CaseView, CommandFault>(__TAURI_INVOKE("print_document", { caseId, documentId, reason })),
	answerPrint: (caseId: string, printId: string, printed: boolean) => typedError<CaseView, CommandFault>(__TAURI_INVOKE("answer_print", { caseId, printId, printed })),
	cancelPrint: (caseId: string, printId: string) => typedError<CaseView, CommandFault>(__TAURI_INVOKE("cancel_print", { caseId, printId })),
	issueLicence: (caseId: string, matter: string, blankSerial: string) => typedError<CaseView, CommandFault>(__TAURI_INVOKE("issue_licence", { caseId, matter, blankSerial })),
	settleBlank: (caseId: string, serial: string, used: boolean, reason: string | null, witnessNo: string | null, witnessPin: string | null) => typedError<CaseView, CommandFault>(__TAURI_INVOKE("settle_blank", { caseId, serial, used, reason, witnessNo, witnessPin })),
	handOver: (caseId: string, matter: string, receiver: string) => typedError<CaseView, CommandFault>(__TAURI_INVOKE("hand_over", { caseId, matter, receiver })),
	withdrawCase: (caseId: string, reason: string) => typedError<CaseView, CommandFault>(__TAURI_INVOKE("withdraw_case", { caseId, reason })),
	settleSentBack: (caseId: string) => typedError<CaseView, CommandFault>(__TAURI_INVOKE("settle_sent_back", { caseId })),
	getHistory: (caseId: string) => typedError<HistoryRow[], CommandFault>(__TAURI_INVOKE("get_history", { caseId })),
	runSelfTest: () => typedError<SelfTestView, CommandFault>(__TAURI_INVOKE("run_self_test")),
	listScanners: () => typedError<ScannerView[], CommandFault>(__TAURI_INVOKE("list_scanners")),
	getBoard: () => typedError<BoardView, CommandFault>(__TAURI_INVOKE("get_board")),
	sendBack: (caseId: string, reason: string) => typedError<CaseView, CommandFault>(__TAURI_INVOKE("send_back", { caseId, reason })),
	overrideFinding: (caseId: string, findingId: string, reason: string, supervisorNo: string, supervisorPin: string) => typedError<CaseView, CommandFault>(__TAURI_INVOKE("override_finding", { caseId, findingId, reason, supervisorNo, supervisorPin })),
	uiMark: (name: WindowMark) => __TAURI_INVOKE<null>("ui_mark", { name }),
};

/** Events */
export const events = {
	statusNews: makeEvent<StatusNews>("status-news"),
	caseNews: makeEvent<CaseNews>("case-news"),
	scanNews: makeEvent<ScanNews>("scan-news"),
};

/* Types */
/** What a staff member may do. */
export type Role = "clerk" | "supervisor" | "installer";

/** Everything the sign-in screen shows. */
export type StartView = {
	/** Version of the app. */
	version: string;
	/** Name of the branch. */
	branch: Words;
	/** `330302-01-003`. */
	counter_id: string;
	/** Short number on the counter's sign, `03`. */
	counter_label: string;
	/** Last day on which the staff list allows offline sign-in. */
	roster_until: string;
	/** Whether that day has not passed. */
	roster_valid: boolean;
	/** Synthetic staff with their PINs; empty unless the counter runs in demonstration mode. */
	demo_staff: DemoStaff[];
	/** Demonstration mode: licences carry SPECIMEN. */
	demo: boolean;
	/** What the store said when it was opened, when something was repaired. */
	store_note: Words | null;
	/** The app cannot work at all: what is wrong and what to do. */
	broken: CommandFault | null;
	/** Who is signed in. */
	session: SessionView | null;
	/** The session is locked: only `unlock` and `sign_out` are possible. */
	locked: boolean;
};

/** Synthetic staff of the demonstration. */
export type DemoStaff = {
	/** Staff number. */
	staff_no: string;
	/** Name. */
	name: string;
	/** Role. */
	role: Role;
	/** PIN, shown only in demonstration mode. */
	pin: string;
};

/** Who is signed in. */
export type SessionView = {
	/** Staff number. */
	staff_no: string;
	/** Name. */
	name: string;
	/** Role. */
	role: Role;
};

/** The whole status line. */
export type StatusView = {
	/** When the host said so. */
	at: string;
	/** Business date and weekday are computed from this by the window. */
	business_date: string;
	/** This PC. */
	store: StoreStatus;
	/** The centre. */
	centre: CentreStatus;
	/** The scanner. */
	scanner: DeviceStatus;
	/** The printer. */
	printer: DeviceStatus;
};

/** Whether acts are safe on this PC. */
export type StoreStatus = {
	/** `safe`, `saving`, `low_space`, `failed`. */
	state: StoreState;
	/** Free space in MB. */
	free_mb: number;
	/** Full sentence when not `safe`. */
	words: Words | null;
};

/** State of the local store. */
export type StoreState = "safe" | "saving" | "low_space" | "failed";

/** What is known of the centre. */
export type CentreStatus = {
	/** `current`, `sending`, `waiting`, `unconnected`. */
	state: CentreState;
	/** Entries of the journal not yet confirmed by the centre. */
	waiting_entries: number;
	/** Cases among them. */
	waiting_cases: number;
	/** Pages not yet confirmed. */
	waiting_pages: number;
	/** Time of the centre's last own answer. */
	last_answer_at: string | null;
	/** Since when there is no answer. */
	silent_since: string | null;
};

/** State of the line to the centre. */
export type CentreState = "current" | "sending" | "waiting" | "unconnected";

/** What is known of a device. */
export type DeviceStatus = {
	/** State, by the device's own answer not older than 10 s. */
	state: DeviceState;
	/** Full sentence for a fault: what is wrong, what to do. */
	words: Words | null;
};

/** State of a device. */
export type DeviceState = "ready" | "busy" | "needs_hand" | "offline" | "unconfirmed" | "missing";

/** Which part of the worklist. */
export type WorklistFilter = "mine" | "today" | "supplement" | "ready" | "returned";

/** Number of cases behind each tab. */
export type WorklistCounts = {
	/** Waits for this clerk. */
	mine: number;
	/** Today. */
	today: number;
	/** Supplement. */
	supplement: number;
	/** Ready. */
	ready: number;
	/** Returned. */
	returned: number;
};

/** Rows of a worklist and the figures of all its tabs. */
export type WorklistView = {
	/** Sorted: what needs the clerk first, then by due date. */
	rows: WorklistRow[];
	/** Figures. */
	counts: WorklistCounts;
};

/** One case in a list. */
export type WorklistRow = {
	/** Case. */
	case_id: string;
	/** `330302-01-003-20261124-0017-7`. */
	case_no: string;
	/** Queue ticket or the sequence of the day. */
	ticket: string;
	/** Bundle name. */
	bundle: Words;
	/** Masked applicant, `苏*安`; empty when not known. */
	applicant: string;
	/** Closed word of `CaseState`. */
	state: string;
	/** State in words, with the reason. */
	state_words: Words;
	/** Second line: why or where. */
	note: Words;
	/** Due date. */
	due: string | null;
	/** Working days left; negative when overdue. */
	days_left: number | null;
	/** Traffic light. */
	alert: Alert;
	/** Where it is safe. */
	safe: SafeTrack;
	/** Next step as a verb. */
	next: Words;
	/** The clerk must act. */
	needs_me: boolean;
	/** Clerk in charge. */
	clerk: string;
	/** Minutes since it was opened. */
	age_min: number;
};

/** Traffic light of a deadline. */
export type Alert = "none" | "green" | "yellow" | "orange" | "red";

/** A service found. */
export type BundleHit = {
	/** Key. */
	bundle: string;
	/** Name. */
	name: Words;
	/** One line: departments, papers, time. */
	summary: Words;
	/** Papers before and after the reform. */
	papers_before: number;
	/** Papers now. */
	papers_after: number;
};

/** Everything about a case that the window shows. */
export type CaseView = {
	/** Case. */
	case_id: string;
	/** `330302-01-003-20261124-0017-7`. */
	case_no: string;
	/** Grows with each act. */
	revision: number;
	/** Ticket, or the sequence of the day. */
	ticket: string;
	/** Bundle. */
	bundle_id: string;
	/** Bundle name. */
	bundle: Words;
	/** Funeral and the like: calm words, no rating. */
	quiet: boolean;
	/** Closed word of the state. */
	state: string;
	/** State in words. */
	state_words: Words;
	/** Papers and form may be changed. */
	editable: boolean;
	/** Who applies. */
	applicant: ApplicantView | null;
	/** Questions in order; those not needed are left out. */
	questions: QuestionView[];
	/** Questions not yet answered. */
	questions_open: number;
	/** An answer that ends the case (refusal, other counter), with the reason. */
	guidance_stop: Words | null;
	/** Matters that will be handled, in dependency order. */
	matters: MatterView[];
	/** Papers, required first. */
	checklist: ChecklistItem[];
	/** Papers that the old way asked for. */
	papers_before: number;
	/** Papers to hand in now. */
	papers_required: number;
	/** Of these, in order. */
	papers_ok: number;
	/** Pages in order of acquisition. */
	pages: PageView[];
	/** Form fields in order. */
	fields: FieldView[];
	/** All findings, errors first. */
	findings: FindingView[];
	/** The five outcomes 1-5, also those not possible now. */
	outcomes: OutcomeView[];
	/** Latest due date, promised at acceptance or computed for today. */
	due: string | null;
	/** Traffic light. */
	alert: Alert;
	/** Last day to bring what is missing. */
	supplement_until: string | null;
	/** Documents and their prints. */
	documents: DocumentView[];
	/** Where the case is. */
	safe: SafeTrack;
	/** The way of the case, step by step. */
	way: WayStep[];
	/** Given back by the supervisor. */
	sent_back: SentBackView | null;
	/** Pick-up code, once accepted. */
	pickup_code: string | null;
};

/** Who applies. */
export type ApplicantView = {
	/** `person` or `organisation`. */
	kind: ApplicantKind;
	/** Name. */
	name: string;
	/** Identity number or credit code. */
	id_number: string;
	/** Phone. */
	phone: string;
	/** Agent. */
	agent: string | null;
};

/** Kind of applicant. */
export type ApplicantKind = "person" | "organisation";

/** A guidance question. */
export type QuestionView = {
	/** Key. */
	question: string;
	/** The question. */
	text: Words;
	/** What the answer decides. */
	note: Words | null;
	/** Choices, numbered from 1; empty for a number. */
	options: OptionView[];
	/** Smallest number, when it is a number. */
	min: number | null;
	/** Largest number. */
	max: number | null;
	/** The answer. */
	answer: string | null;
};

/** A choice. */
export type OptionView = {
	/** Value. */
	value: string;
	/** Label. */
	label: Words;
};

/** A matter of the bundle. */
export type MatterView = {
	/** Key. */
	matter: string;
	/** Name. */
	name: Words;
	/** Department. */
	department: Words;
	/** Promised time in words. */
	promised: Words;
	/** Matters that must finish before, by key. */
	after: string[];
	/** Depth in the order, 0 for those that start at acceptance. */
	depth: number;
	/** Closed word of the state; empty before acceptance. */
	state: string;
	/** State in words. */
	state_words: Words;
	/** Due date. */
	due: string | null;
	/** Reason of a refusal or suspension. */
	reason: string | null;
	/** Licence number, when granted. */
	licence_no: string | null;
	/** A licence may be printed now. */
	licence_printable: boolean;
	/** Blank stock next to use, as a proposal. */
	next_blank: string | null;
};

/** How a paper is dealt with. */
export type Disposition = "required" | "form" | "shared" | "commitment" | "internal" | "waived";

/** State of a paper on the checklist. */
export type PaperState = "todo" | "scanning" | "to_check" | "ok" | "finding" | "may_follow" | "shared_queued" | "shared_confirmed" | "committed" | "not_needed";

/** A paper on the checklist. */
export type ChecklistItem = {
	/** Key. */
	material: string;
	/** Name. */
	name: Words;
	/** Whose. */
	role: Words | null;
	/** How it is dealt with. */
	disposition: Disposition;
	/** State. */
	state: PaperState;
	/** One line: pages, what to look at. */
	note: Words;
	/** Why it is needed and what replaces it. */
	why: Words;
	/** May follow later. */
	tolerance: boolean;
	/** Number of matters that use it. */
	matters: number;
	/** Pages, by id, in order. */
	pages: string[];
	/** Pages expected. */
	pages_expected: number;
	/** The clerk's mark. */
	mark: MarkView | null;
};

/** The clerk's word about a paper. */
export type MarkView = "shared_confirmed" | "commitment_signed" | "outstanding" | "other_proof";

/** A page. */
export type PageView = {
	/** Page. */
	page_id: string;
	/** Paper it belongs to. */
	material: string | null;
	/** Order of acquisition, from 1. */
	sequence: number;
	/** Closed word of the verdict. */
	verdict: string;
	/** Verdict in words: what is wrong and what to do. */
	verdict_words: Words;
	/** Corrected picture, px. */
	width_px: number;
	/** Corrected picture, px. */
	height_px: number;
	/** Effective resolution. */
	dpi: number;
	/** Paper size, mm. */
	width_mm: number | null;
	/** Paper size, mm. */
	height_mm: number | null;
	/** Skew that was corrected, degrees. */
	skew_deg: number | null;
	/** Pieces read, with their place. */
	readings: ReadingView[];
	/** Reading is still under way. */
	reading: boolean;
	/** What paper it looks like, when not the one it is filed under. */
	looks_like: Words | null;
	/** Taken out by the clerk. */
	removed: boolean;
	/** From which scanner or file. */
	origin: string;
};

/** A value read on a page. */
export type ReadingView = {
	/** Number tag on the page, from 1. */
	tag: number;
	/** Key such as `resident_id`. */
	key: string;
	/** Label. */
	label: Words;
	/** Value. */
	value: string;
	/** `check_digit`, `mrz`, `barcode`, `ocr_only` ... */
	evidence: string;
	/** The evidence proves it. */
	proven: boolean;
	/** Place on the corrected page, px. */
	region: RegionView | null;
	/** What is wrong with it. */
	finding: FindingView | null;
	/** Form field that it fills, when any. */
	field: string | null;
	/** The clerk confirmed the field. */
	confirmed: boolean;
};

/** A place on the corrected page, px. */
export type RegionView = {
	/** Left. */
	x: number;
	/** Top. */
	y: number;
	/** Width. */
	w: number;
	/** Height. */
	h: number;
};

/** A form field. */
export type FieldView = {
	/** Key. */
	field: string;
	/** Label. */
	label: Words;
	/** Closed word: `text`, `name`, `resident-id`, `uscc`, `mobile`, `date`, `datetime`, `integer`, `money`, `choice`, `address` ... */
	kind: string;
	/** Choices of a `choice`. */
	options: OptionView[];
	/** Must be filled. */
	required: boolean;
	/** Value. */
	value: string;
	/** `typed`, `page`, `shared`, `empty`. */
	source: FieldSource;
	/** Page it was read on. */
	page_id: string | null;
	/** Compared with the paper. */
	confirmed: boolean;
	/** What is wrong. */
	finding: FindingView | null;
	/** Group heading. */
	group: Words;
};

/** Where a value comes from. */
export type FieldSource = "empty" | "typed" | "page" | "shared";

/** Severity of a finding. */
export type Severity = "error" | "warning" | "note";

/** A finding: a fact about the papers. */
export type FindingView = {
	/** Stable within the case; names it in `override_finding`. */
	id: string;
	/** Closed code. */
	code: string;
	/** Severity. */
	severity: Severity;
	/** Paper. */
	material: string | null;
	/** Page. */
	page_id: string | null;
	/** Field. */
	field: string | null;
	/** Name of the paper or field it is about. */
	subject: Words;
	/** What is wrong. */
	what: Words;
	/** What to do. */
	remedy: Words;
	/** Law or catalogue source. */
	basis: string | null;
	/** A supervisor may let it pass. */
	overridable: boolean;
	/** Let pass, with the reason. */
	overridden: string | null;
	/** May follow later (tolerance list). */
	tolerable: boolean;
};

/** Outcome at the counter, numbered as on the keys 1-5. */
export type OutcomeKind = "accept" | "accept_conditional" | "supplement" | "refuse" | "not_required";

/** An outcome, possible or not. */
export type OutcomeView = {
	/** Which. */
	kind: OutcomeKind;
	/** Label. */
	label: Words;
	/** Possible now. */
	possible: boolean;
	/** Proposed by the check. */
	proposed: boolean;
	/** Why (not), or what it will do. */
	note: Words;
	/** Reasons to choose from (refusal). */
	reasons: ReasonView[];
	/** Documents that will be printed. */
	prints: Words[];
};

/** A reason to choose. */
export type ReasonView = {
	/** Key. */
	reason: string;
	/** Words. */
	words: Words;
	/** Law. */
	basis: string;
	/** Body to turn to. */
	right_body: Words | null;
};

/** What the clerk decided. */
export type OutcomeRequest = {
	/** Outcome. */
	kind: OutcomeKind;
	/** Key of the reason, for a refusal. */
	reason: string | null;
	/** Own words, where asked. */
	text: string | null;
	/** Supervisor's number, for a second notice. */
	supervisor_no: string | null;
	/** Supervisor's PIN. */
	supervisor_pin: string | null;
	/** Revision that the clerk saw; a newer case is shown again first. */
	seen_revision: number;
};

/** State of a print. */
export type PrintStateView = "pending" | "sent" | "confirmed" | "spoiled" | "uncertain";

/** A document and its prints. */
export type DocumentView = {
	/** Document. */
	document_id: string;
	/** Closed word of the kind. */
	kind: string;
	/** Title. */
	title: Words;
	/** Number on its face. */
	number: string;
	/** Pages. */
	pages: number;
	/** Prints, oldest first. */
	prints: PrintView[];
};

/** One attempt to print. */
export type PrintView = {
	/** Print. */
	print_id: string;
	/** 0 original, n duplicate n. */
	copy_no: number;
	/** State. */
	state: PrintStateView;
	/** What the printer asks for, and what to do. */
	words: Words | null;
	/** When it got there. */
	at: string | null;
};

/** PC, branch, centre. */
export type SafeTrack = {
	/** This PC. */
	here: NodeState;
	/** The centre. */
	centre: NodeState;
	/** Always with words. */
	words: Words;
};

/** One node of the safe track. */
export type NodeState = "full" | "open" | "half" | "returned";

/** One step of the way of a case. */
export type WayStep = {
	/** `safe_here`, `received`, `with_department`, `decided`, `handed_over`. */
	step: string;
	/** Words. */
	words: Words;
	/** Done, by the word of whoever can know. */
	done: boolean;
	/** When. */
	at: string | null;
};

/** Given back by the supervisor. */
export type SentBackView = {
	/** Who. */
	by: string;
	/** Why. */
	reason: string;
};

/** How to scan. */
export type ScanProfile = {
	/** Scanner id; `None` for the counter's own. */
	scanner: string | null;
	/** `auto`, `flatbed`, `feeder`. */
	source: ScanSource;
	/** 200 or 300. */
	dpi: number;
};

/** Where the paper lies. */
export type ScanSource = "auto" | "flatbed" | "feeder";

/** A document as it would be printed. */
export type PreviewView = {
	/** Names the pictures. */
	token: string;
	/** Number of pictures. */
	pages: number;
	/** Title. */
	title: Words;
};

/** One line of the record of a case. */
export type HistoryRow = {
	/** When. */
	at: string;
	/** Who. */
	staff: string;
	/** What, in words. */
	words: Words;
	/** Closed word of the event. */
	event: string;
};

/** Result of all checks. */
export type SelfTestView = {
	/** When. */
	at: string;
	/** Checks in order. */
	checks: CheckView[];
};

/** Verdict of one check. */
export type CheckVerdict = "ok" | "warning" | "failed" | "skipped";

/** One check. */
export type CheckView = {
	/** `disk`, `clock`, `key_store`, `catalogue`, `fonts`, `models`, `scanner`, `printer`, `centre` ... */
	check: string;
	/** Name. */
	name: Words;
	/** Verdict. */
	verdict: CheckVerdict;
	/** Measured value, with unit. */
	measured: string;
	/** Limit, with unit. */
	limit: string;
	/** What to do. */
	remedy: Words | null;
};

/** A scanner found. */
export type ScannerView = {
	/** Name for SANE. */
	id: string;
	/** Vendor and model. */
	name: string;
	/** The counter's own. */
	chosen: boolean;
};

/** The board. */
export type BoardView = {
	/** Figures. */
	figures: BoardFigures;
	/** Counters of the branch, as far as known here. */
	counters: CounterRow[];
	/** Cases of the branch, due first. */
	cases: WorklistRow[];
	/** Cases with findings that wait for a decision. */
	waiting: WorklistRow[];
};

/** Five figures. */
export type BoardFigures = {
	/** Drafts under way. */
	drafts: number;
	/** Received today. */
	received_today: number;
	/** Waiting for supplement. */
	supplement: number;
	/** Not yet at the centre. */
	unsent: number;
	/** Due today or overdue. */
	due: number;
	/** Overdue. */
	overdue: number;
};

/** One counter. */
export type CounterRow = {
	/** `330302-01-003`. */
	counter: string;
	/** `03`. */
	label: string;
	/** Clerk. */
	clerk: string;
	/** Cases today. */
	today: number;
	/** Entries not yet at the centre. */
	unsent: number;
	/** Last word from it. */
	heard_at: string | null;
};

/** The status line changed, or a second passed. */
export type StatusNews = {
	/** The line. */
	status: StatusView;
};

/** A case changed: ask for it again. Also sent for new prints, pages and the centre's words. */
export type CaseNews = {
	/** Case. */
	case_id: string;
	/** Its revision. */
	revision: number;
};

/** News of a running scan. */
export type ScanNews = {
	/** Case. */
	case_id: string;
	/** Paper it goes to. */
	material: string | null;
	/** Where it is. */
	state: ScanState;
	/** Pages kept so far. */
	pages_kept: number;
	/** Share of the page under way, percent. */
	percent: number;
	/** A fault: what is kept, what to do. */
	words: Words | null;
	/** Closed word of the fault. */
	code: string | null;
};

/** Where a scan is. */
export type ScanState = "starting" | "page" | "kept" | "finished" | "cancelled" | "failed";

/** The four kinds that the window treats differently. */
export type FaultKind = "refusal" | "fault" | "denied" | "defect";

/** An answer other than success. */
export type CommandFault = {
	/** How the window shows it. */
	kind: FaultKind;
	/** The closed word the window branches on, kebab case. */
	code: string;
	/** What happened. */
	what: Words;
	/** What to do. */
	remedy: Words;
};

/** One text in both languages; the window shows the one its reader chose. */
export type Words = {
	/** Chinese. */
	zh: string;
	/** English. */
	en: string;
};

/** What the window itself reached. */
export type WindowMark = "first-frame";

/* Tauri Specta runtime */
async function typedError<T, E>(result: Promise<T>): Promise<{ status: "ok"; data: T } | { status: "error"; error: E }> {
	try {
		return { status: "ok", data: await result };
	} catch (e) {
		if (e instanceof Error) throw e;
		return { status: "error", error: e as any };
	}
}

function makeEvent<T>(name: string) {
	return {
		listen: (cb: __TAURI_EVENT.EventCallback<T>) => __TAURI_EVENT.listen<T>(name, cb),
	};
}
