//! Work on pages fills both processors for seconds; the window must go on drawing meanwhile, so this work gives way to it.

use thread_priority::{ThreadPriority, ThreadPriorityValue, set_current_thread_priority};

/// Of 99, where 50 is usual: niceness 5 on Linux, below normal on Windows. Who has nothing beside it still gets the whole processor,
/// and beside a window that draws without a pause it gets a quarter.
const BEHIND_THE_WINDOW: u8 = 35;

/// Lets this thread, and on Linux the threads it will start, give way to others. A system that refuses lets them compete.
pub fn give_way() {
    if let Ok(value) = ThreadPriorityValue::try_from(BEHIND_THE_WINDOW) {
        let _kept_as_it_was = set_current_thread_priority(ThreadPriority::Crossplatform(value));
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    /// Niceness of a thread of this process, by the kernel's own word.
    fn niceness() -> i32 {
        let stat = std::fs::read_to_string("/proc/thread-self/stat").expect("the kernel tells");
        // Behind the name in parentheses; the seventeenth value from there.
        let values: Vec<&str> = stat.rsplit(')').next().expect("a name").split_whitespace().collect();
        values[16].parse().expect("a number")
    }

    #[test]
    fn a_thread_that_gives_way_and_those_it_starts_are_nice_and_no_other() {
        let before = niceness();
        let (own, started) = std::thread::spawn(|| {
            give_way();
            (niceness(), std::thread::spawn(niceness).join().expect("told"))
        })
        .join()
        .expect("told");
        assert_eq!((own, started), (5, 5));
        assert_eq!(niceness(), before);
    }
}
