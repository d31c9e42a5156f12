//! The contract as Tauri sees it: every command and event with its types. A test writes the same as TypeScript for the window.

use tauri::Wry;
use tauri_specta::{Builder, collect_commands, collect_events};

use crate::commands::{case, day, devices, documents, form, licences, pages, session, start, supervisor, visit, worklist};
use crate::news::{CaseEvent, ScanEvent, StatusEvent};

/// All commands and events.
pub(crate) fn contract() -> Builder<Wry> {
    Builder::new()
        // Every type of the contract reads and writes the same shape.
        .disable_serde_phases()
        .commands(collect_commands![
            start::get_start,
            start::open_with_passphrase,
            session::sign_in,
            session::sign_out,
            session::lock,
            session::unlock,
            start::get_status,
            worklist::list_cases,
            worklist::search_bundles,
            worklist::find_cases,
            worklist::open_case,
            case::get_case,
            case::withdraw_case,
            case::settle_sent_back,
            case::get_history,
            form::set_applicant,
            form::answer_question,
            form::set_field,
            form::confirm_field,
            form::confirm_clear_fields,
            form::mark_material,
            pages::scan_into,
            pages::rescan_page,
            pages::cancel_scan,
            pages::take_shot,
            pages::aim_camera,
            pages::import_files,
            pages::take_inbox,
            pages::import_dialog,
            pages::assign_page,
            pages::turn_page,
            pages::remove_page,
            pages::restore_page,
            pages::crop_page,
            pages::reset_page,
            pages::split_page,
            pages::join_pages,
            pages::move_page,
            pages::undo_page_act,
            case::decide_outcome,
            documents::preview_document,
            documents::make_document,
            documents::print_document,
            documents::answer_print,
            documents::cancel_print,
            documents::print_ticket,
            documents::print_guide,
            documents::answer_paper,
            licences::check_licence,
            licences::decide_at_window,
            licences::issue_licence,
            licences::copy_licence,
            licences::settle_blank,
            licences::hand_over,
            day::get_day,
            day::preview_day,
            day::close_day,
            day::answer_day_print,
            day::print_day_sheet,
            day::receive_blanks,
            day::return_blanks,
            day::spoil_blank,
            supervisor::get_board,
            supervisor::list_audit,
            supervisor::export_audit,
            supervisor::accept_clock,
            supervisor::send_back,
            supervisor::override_finding,
            devices::run_self_test,
            devices::list_scanners,
            devices::inspect_scanner,
            start::ui_mark,
            visit::receive_case,
            visit::apply_deemed,
            visit::revoke_acceptance,
            visit::decide_here,
            visit::set_representative,
            visit::set_needs,
            visit::give_consent,
            visit::rate_case,
            visit::list_regions,
        ])
        .events(collect_events![StatusEvent, CaseEvent, ScanEvent])
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use specta_typescript::Typescript;

    use super::*;
    use crate::commands::names::NAMES;

    /// What the window may do besides our commands: hear events.
    const CORE: &[&str] = &["core:event:allow-listen", "core:event:allow-unlisten"];

    fn here(path: &str) -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
    }

    /// Writes the file; whether it differs from what is committed is asked of git by `cargo xtask test`.
    #[test]
    fn bindings_are_what_rust_says() {
        let language = Typescript::default().header("// Generated from Rust by `cargo xtask codegen`; do not edit.\n");
        let file = here("../ui/src/host/bindings.ts");
        contract().export(language, &file).expect("the contract can be written as TypeScript");
        let text = std::fs::read_to_string(file).expect("the file is there");
        for name in NAMES {
            assert!(text.contains(&format!("\"{name}\"")), "{name} is a command of the contract");
        }
    }

    #[test]
    fn the_capability_names_every_command_and_nothing_else() {
        let text = std::fs::read_to_string(here("capabilities/main.json")).expect("the capability is there");
        let capability: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
        let granted: Vec<&str> = capability["permissions"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(serde_json::Value::as_str)
            .collect();
        let ours = NAMES.iter().map(|name| format!("allow-{}", name.replace('_', "-")));
        let wanted: Vec<String> = CORE.iter().map(|name| (*name).to_owned()).chain(ours).collect();
        assert_eq!(granted, wanted, "one permission a command, in the order of commands/names.rs");
        assert_eq!(capability["windows"], serde_json::json!([crate::window::MAIN]));
    }
}
