//! The program `onewindow-app`: the counter's window. Everything is in the library, so that tests can reach it.

// A release on Windows opens no console beside its window.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    onewindow_app::run()
}
