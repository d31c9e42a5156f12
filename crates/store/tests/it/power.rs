//! Power cuts, as near as a machine can come without pulling its plug: the store writes to an ext4 file system on a loop device,
//! which is shut down at a random moment without writing back what it holds in memory (the ioctl that file system developers test
//! with); the process is killed, the file system mounted again, and what was acknowledged must be there. Needs root, loop devices
//! and python3 (for the ioctl); where one of them is missing, it says so. A real cut can also lose what a drive's own cache promised.
//!
//! Only what the child said before the cut counts: it lives a few milliseconds longer than its disk, and in them ext4 of Linux 6.18
//! lets an fdatasync succeed whose data it has dropped (all of 9 such losses in 200 cuts came after the cut).

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::channel;
use std::time::Duration;

use crate::ground::{Dice, open};
use crate::kills::{Acknowledged, check_line, child, said_lines};
use crate::tally::{Tally, in_full, not_here, report};

const KIND: &str = "power cuts";
const IMAGE_BYTES: u64 = 192 << 20;
/// `EXT4_IOC_SHUTDOWN` with `EXT4_GOING_FLAGS_NOLOGFLUSH`: from now on nothing reaches the device, and the journal is not flushed.
/// Tells the moment just before, in ns since 1970 UTC.
const SHUT_DOWN: &str = "import fcntl,os,struct,sys,time; device = os.open(sys.argv[1], os.O_RDONLY); print(time.time_ns()); \
    fcntl.ioctl(device, 0x8004587d, struct.pack('I', 2))";

/// A file system of its own on a loop device; unmounted when dropped.
struct Ground {
    image: PathBuf,
    mount: PathBuf,
    mounted: bool,
}

impl Ground {
    fn new(dir: &Path) -> Result<Self, String> {
        let image = dir.join("image");
        let file = File::create(&image).map_err(|error| error.to_string())?;
        file.set_len(IMAGE_BYTES).map_err(|error| error.to_string())?;
        run("mkfs.ext4", &["-q", "-F", &text(&image)])?;
        let mount = dir.join("mount");
        fs::create_dir(&mount).map_err(|error| error.to_string())?;
        let mut ground = Self { image, mount, mounted: false };
        ground.mount()?;
        Ok(ground)
    }

    fn mount(&mut self) -> Result<(), String> {
        run("mount", &["-o", "loop", &text(&self.image), &text(&self.mount)])?;
        self.mounted = true;
        Ok(())
    }

    fn unmount(&mut self) {
        for _attempt in 0..50 {
            if run("umount", &[&text(&self.mount)]).is_ok() {
                self.mounted = false;
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("the file system is still in use");
    }

    /// Cuts the power and gives the moment before it, in ns since 1970 UTC.
    fn cut(&self) -> Result<u128, String> {
        let told = run("python3", &["-c", SHUT_DOWN, &text(&self.mount)])?;
        told.trim().parse().map_err(|_unreadable| format!("python3 told {told:?}"))
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        if self.mounted {
            let _stays = run("umount", &["-l", &text(&self.mount)]);
        }
    }
}

/// What the program wrote, or why it failed.
fn run(program: &str, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new(program).args(arguments).output().map_err(|error| format!("{program}: {error}"))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!("{program}: {}", String::from_utf8_lossy(&output.stderr).trim()))
    }
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Whether cuts can be made here at all.
fn probe(dir: &Path) -> Result<(), String> {
    let mut ground = Ground::new(dir)?;
    ground.cut()?;
    if File::create(ground.mount.join("after")).is_ok() {
        return Err("the kernel does not shut file systems down".to_owned());
    }
    ground.unmount();
    Ok(())
}

#[test]
fn power_cuts_lose_nothing_acknowledged() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let probed = dir.path().join("probe");
    fs::create_dir(&probed).expect("made");
    if let Err(why) = probe(&probed) {
        return not_here(KIND, &why);
    }
    let cuts = if in_full() { 100 } else { 4 };
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let mut ground = Ground::new(dir.path()).expect("as just probed");
    let store_dir = ground.mount.join("store");
    let (mut appends, mut pages, mut rebuilt, mut torn, mut late) = (0, 0, 0, 0, 0);
    for cut in 0..cuts {
        let mut running = child(&store_dir).spawn().expect("the child starts");
        let output = running.stdout.take().expect("piped");
        let (heard, lines) = channel();
        std::thread::spawn(move || said_lines(output).for_each(|said| drop(heard.send(said))));
        // A quarter of the cuts come while the store is being opened.
        let mut said = Vec::new();
        if cut % 4 != 0 {
            said.push(lines.recv_timeout(Duration::from_secs(60)).expect("the child opens the store"));
        }
        std::thread::sleep(Duration::from_millis(dice.below(250) as u64));
        let cut_at_ns = ground.cut().expect("as just probed");
        running.kill().expect("killed");
        running.wait().expect("gone");
        said.extend(lines);
        ground.unmount();
        ground.mount().expect("mounted again");
        let (store, report) = open(&store_dir);
        assert!(report.losses.is_empty(), "cut {cut}: {report:?}");
        rebuilt += u64::from(report.rebuilt.is_some());
        torn += u64::from(report.torn_tail_bytes > 0);
        for (at_ns, line) in said {
            // Nobody hears a word from a PC whose power is gone.
            if at_ns >= cut_at_ns {
                late += 1;
                continue;
            }
            match check_line(&store, &line) {
                Acknowledged::Case => appends += 1,
                Acknowledged::Page => pages += 1,
                Acknowledged::Nothing => {}
            }
        }
        let chain = store.verify().expect("readable");
        assert!(chain.holds(), "cut {cut}: {chain:?}");
        drop(store);
        // The image stays small whatever the number of cuts.
        if cut % 10 == 9 {
            fs::remove_dir_all(&store_dir).expect("removed");
        }
    }
    ground.unmount();
    assert!(appends > 0 && pages > 0, "the child must have had time to write");
    report(
        KIND,
        &Tally {
            faults: cuts,
            notes: vec![
                ("acknowledged appends checked", appends),
                ("acknowledged pages checked", pages),
                ("indexes rebuilt", rebuilt),
                ("torn tails cut", torn),
                ("words after the cut, not counted", late),
            ],
            ..Tally::default()
        },
    );
}
