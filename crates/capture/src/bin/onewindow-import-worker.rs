//! Splits one file into pages and ends: decoding what strangers hand in must not be able to harm the counter. It gives itself bounds of
//! memory and CPU time first; its parent kills it when it does not come back.

use std::io::{BufReader, BufWriter};
use std::process::ExitCode;

/// Address space, bytes: the largest page decoded a few times over.
#[cfg(unix)]
const MEMORY_BYTES: u64 = 3 << 30;
/// CPU time, seconds.
#[cfg(unix)]
const CPU_S: u64 = 120;

fn main() -> ExitCode {
    #[cfg(unix)]
    bound();
    let served = onewindow_capture::isolated::serve(BufReader::new(std::io::stdin().lock()), BufWriter::new(std::io::stdout().lock()));
    if served.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A bound that can not be set is no reason to stop: the parent's deadline still holds.
#[cfg(unix)]
fn bound() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    for (resource, most) in [(Resource::As, MEMORY_BYTES), (Resource::Cpu, CPU_S), (Resource::Core, 0)] {
        let limit = Rlimit {
            current: Some(most),
            maximum: Some(most),
        };
        let _ = setrlimit(resource, limit);
    }
}
