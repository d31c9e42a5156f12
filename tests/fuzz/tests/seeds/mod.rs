//! Seeds of every target, made by the encoders whose decoders are fuzzed.

use std::collections::BTreeMap;
use std::path::Path;

use aws_lc_rs::signature::Ed25519KeyPair;
use onewindow_capture::{Limits, PaperHint};
use onewindow_case::ids::{CaseId, Digest};
use onewindow_journal::packet::parts::PartHead;
use onewindow_journal::packet::{PackedEntry, PacketHead, PacketSealer, Recipient, SealKit};
use onewindow_journal::sealed_box::box_public_key;
use onewindow_journal::segment::{Item, Record, SegmentHeader, SegmentKey, seal_header, seal_record};
use onewindow_journal::{Entry, Event, Head, encode};
use onewindow_scan::escl::query;
use onewindow_scan::pipe::{Order, Report, write_order, write_report, write_rows};
use onewindow_scan::{FrameKind, PageParameters};
use onewindow_testkit::papers::{Cast, DrawOptions, PaperKind, draw, encode_pdf};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use uuid::Uuid;

use crate::generated;

/// Name and bytes of every seed of a target.
pub fn of(target: &str) -> Vec<(String, Vec<u8>)> {
    match target {
        "camera" => frames(),
        "discovery" => vec![named("query", query()), named("answer", announcement())],
        "entry" => entries().into_iter().map(|(name, entry)| (name, encode(&entry))).collect(),
        "escl" => texts(),
        "import" => pictures(),
        "import_answers" => answers(),
        "packet" => packets(),
        "packet_inside" => vec![
            named("pages", b"\x02a page\xff\x04another page".to_vec()),
            named("entries", b"\x01a\xfebb\xfeccc\xff\x02a page\xff\x03dddd\xfeeeeee".to_vec()),
            named("no-order", b"\x01ccc\xfea".to_vec()),
        ],
        "record" => vec![
            named("one", vec![1, 5, 1, 2, 3, 4, 5, 0]),
            named("changed", vec![1; 40]),
            named("several", (0..90).collect()),
        ],
        "scan_pipe" => pipes(),
        "scanned_picture" => scanned_pictures(),
        "segment" => segments(),
        "store_files" => store_files(),
        other => panic!("no seeds are made for {other}"),
    }
}

fn named(name: &str, bytes: Vec<u8>) -> (String, Vec<u8>) {
    (name.to_owned(), bytes)
}

/// One generated entry of every kind of event, always the same ones.
fn entries() -> BTreeMap<String, Entry> {
    let mut runner = TestRunner::deterministic();
    let mut kinds = BTreeMap::new();
    for _ in 0..4_000 {
        let entry = generated::entry().new_tree(&mut runner).expect("generated").current();
        let shown = match &entry.event {
            Event::Case(event) => format!("case-{event:?}"),
            Event::Counter(event) => format!("counter-{event:?}"),
        };
        let kind: String = shown.chars().take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '-').collect();
        let shorter = |known: &Entry| encode(known).len() > encode(&entry).len();
        if kinds.get(&kind).is_none_or(shorter) {
            kinds.insert(kind, entry);
        }
    }
    kinds
}

/// Entries that follow one another, for packets.
fn packed() -> Vec<PackedEntry> {
    let mut head = Head::EMPTY;
    let mut packed = Vec::new();
    for (_, entry) in entries().into_iter().take(6) {
        let entry = Entry {
            counter: "330302-01-003".into(),
            epoch: 1,
            seq: head.seq + 1,
            prev: head.digest,
            ..entry
        };
        let bytes = encode(&entry);
        head = head.after(&bytes);
        packed.push(PackedEntry {
            epoch: 1,
            seq: entry.seq,
            bytes,
        });
    }
    packed
}

fn packets() -> Vec<(String, Vec<u8>)> {
    let entries = packed();
    let signer = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).expect("a key");
    let kit = SealKit {
        packet_key: [1; 32],
        recipients: vec![(Recipient::Centre, box_public_key(&[21; 32]).expect("a key"), [2; 32])],
        signer: &signer,
    };
    let head = PacketHead {
        packet: Uuid::from_u128(9),
        counter: "330302-01-003".to_owned(),
        made_ms: 1_795_312_800_000,
        after_seq: 0,
        after_digest: Head::EMPTY.digest.to_string(),
        through_seq: entries.len() as u64,
        cases: 1,
        signer: String::new(),
        certificate: None,
        recipients: Vec::new(),
    };
    let (mut sealer, mut whole) = PacketSealer::begin(kit, head).expect("sealed");
    whole.extend(sealer.entries(&entries).expect("sealed"));
    let page = b"a page".repeat(20);
    whole.extend(sealer.page(&onewindow_store::digest_of(&page), &page).expect("sealed"));
    whole.extend(sealer.end().expect("sealed").0);
    let part = |number, last, piece: &[u8]| {
        let head = PartHead {
            packet: Uuid::from_u128(9),
            number,
            last,
        };
        [&head.to_bytes()[..], piece].concat()
    };
    let half = whole.len() / 2;
    vec![
        named("whole", whole.clone()),
        named("one-part", part(1, true, &whole)),
        named("two-parts", [part(1, false, &whole[..half]), part(2, true, &whole[half..])].concat()),
    ]
}

fn segments() -> Vec<(String, Vec<u8>)> {
    let key = SegmentKey::new(&[7; 32]).expect("a key");
    let header = SegmentHeader {
        counter: "330302-01-003".into(),
        epoch: 1,
        number: 1,
        first_seq: 1,
        prev: Digest::new([0; 32]),
    };
    let mut whole = seal_header(&key, &header, [1; 12]).expect("sealed");
    let mut next = 1;
    for count in [1_u8, 3, 2] {
        let items = (0..count).map(|n| Item {
            digest: Digest::new([n; 32]),
            owner: (n > 0).then(|| CaseId::new(Uuid::from_u128(u128::from(n)))),
            body: vec![n; 60],
        });
        let record = Record {
            first_seq: next,
            durable_before: next - 1,
            items: items.collect(),
        };
        whole.extend(seal_record(&key, &header, &record, [count; 12]).expect("sealed"));
        next += u64::from(count);
    }
    let mut broken = whole.clone();
    let middle = broken.len() / 2;
    broken[middle] ^= 0x40;
    vec![
        named("whole", whole.clone()),
        named("torn", whole[..whole.len() - 30].to_vec()),
        named("broken", broken),
    ]
}

fn pipes() -> Vec<(String, Vec<u8>)> {
    let mut reports = Vec::new();
    let parameters = PageParameters {
        sequence: 1,
        frame: FrameKind::Gray,
        depth: 8,
        bytes_per_line: 8,
        pixels_per_line: 8,
        lines: 2,
        dpi: 300,
    };
    write_report(&mut reports, &Report::Hello { version: 1 }).expect("written");
    write_report(&mut reports, &Report::PageStarted(parameters)).expect("written");
    write_rows(&mut reports, &[9; 16]).expect("written");
    write_report(&mut reports, &Report::PageEnded).expect("written");
    write_report(&mut reports, &Report::Finished).expect("written");
    let mut order = Vec::new();
    let inspect = Order::Inspect { scanner: "test:0".to_owned() };
    write_order(&mut order, &inspect).expect("written");
    vec![named("reports", reports), named("order", order)]
}

/// What the virtual scanner of the tests says, in short.
fn texts() -> Vec<(String, Vec<u8>)> {
    let capabilities = r#"<?xml version="1.0" encoding="UTF-8"?><scan:ScannerCapabilities xmlns:scan="a" xmlns:pwg="b"><pwg:MakeAndModel>Maker 7</pwg:MakeAndModel><scan:Platen><scan:PlatenInputCaps><scan:MaxWidth>2550</scan:MaxWidth><scan:MaxHeight>3508</scan:MaxHeight><scan:SettingProfiles><scan:SettingProfile><scan:ColorModes><scan:ColorMode>RGB24</scan:ColorMode></scan:ColorModes><scan:SupportedResolutions><scan:ResolutionRange><scan:XResolutionRange><scan:Min>75</scan:Min><scan:Max>600</scan:Max></scan:XResolutionRange></scan:ResolutionRange></scan:SupportedResolutions></scan:SettingProfile></scan:SettingProfiles></scan:PlatenInputCaps></scan:Platen><scan:Adf><scan:AdfSimplexInputCaps><scan:XResolution>200</scan:XResolution></scan:AdfSimplexInputCaps></scan:Adf></scan:ScannerCapabilities>"#;
    let status = "<s:ScannerStatus><p:State>Idle</p:State><s:AdfState>ScannerAdfJam</s:AdfState><s:Jobs><s:JobInfo><p:JobUri>/eSCL/ScanJobs/4</p:JobUri><p:JobState>Processing</p:JobState></s:JobInfo></s:Jobs></s:ScannerStatus>";
    vec![
        named("capabilities", capabilities.as_bytes().to_vec()),
        named("status", status.as_bytes().to_vec()),
        named("address", b"https://[fe80::1]:8443/eSCL".to_vec()),
    ]
}

/// The answer of a scanner `Office` at 192.0.2.7:8080, as DNS-SD words it.
fn announcement() -> Vec<u8> {
    let name = |text: &str| -> Vec<u8> {
        let labels = text.split('.').flat_map(|label| std::iter::once(label.len() as u8).chain(label.bytes()));
        labels.chain([0]).collect()
    };
    let record = |owner: Vec<u8>, kind: u8, data: &[u8]| [&owner[..], &[0, kind, 0, 1, 0, 0, 0, 120, 0, data.len() as u8], data].concat();
    let instance = [&[6][..], b"Office", &name("_uscan._tcp.local")].concat();
    let place = [&[0, 0, 0, 0, 0x1f, 0x90][..], &name("device.local")].concat();
    [
        vec![0, 0, 0x84, 0, 0, 0, 0, 4, 0, 0, 0, 0],
        record(name("_uscan._tcp.local"), 12, &instance),
        record(instance.clone(), 33, &place),
        record(instance, 16, b"\x07rs=eSCL\x0bty=Maker 12"),
        record(name("device.local"), 1, &[192, 0, 2, 7]),
    ]
    .concat()
}

/// A camera's frame by itself, in a stream with and without lengths, uncompressed, and the words that announce a stream.
fn frames() -> Vec<(String, Vec<u8>)> {
    let picture = image::RgbImage::from_fn(16, 8, |x, y| image::Rgb([(x * 15) as u8, (y * 30) as u8, 90]));
    let mut jpeg = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut jpeg, image::ImageFormat::Jpeg).expect("written");
    let jpeg = jpeg.into_inner();
    let lengths = format!("--frame\r\nContent-Length: {}\r\n\r\n", jpeg.len());
    let told = [lengths.as_bytes(), &jpeg, b"\r\n", lengths.as_bytes(), &jpeg, b"\r\n--frame--\r\n"].concat();
    let untold = [&b"x\r\n--frame\r\n\r\n"[..], &jpeg, b"\r\n--frame\r\n\r\n", &jpeg, b"\r\n--frame--\r\n"].concat();
    vec![
        named("frame", jpeg),
        named("stream", told),
        named("no-lengths", untold),
        named("pairs", [&[4, 2][..], &[128; 16]].concat()),
        named("content-type", b"multipart/x-mixed-replace; boundary=\"--frame\"".to_vec()),
    ]
}

/// A page with a line of letters, as PDF; and as the picture it becomes, which carries the line in its header.
fn letters() -> [(String, Vec<u8>); 2] {
    let content = "BT /F1 12 Tf 20 60 Td (ONE WINDOW 330302) Tj ET";
    let mut pdf = "%PDF-1.4\n".to_owned();
    for (number, object) in (1..).zip([
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 120] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ]) {
        pdf += &format!("{number} 0 obj\n{object}\nendobj\n");
    }
    // Readers look for the objects themselves where the table of places is missing.
    pdf += "trailer\n<< /Size 6 /Root 1 0 R >>\n%%EOF\n";
    let limits = Limits {
        pdf_dpi: 72,
        ..Limits::default()
    };
    let page = onewindow_capture::import::split(pdf.as_bytes(), "a.pdf", &limits).expect("a page").remove(0);
    let processed = onewindow_capture::process(&page, &PaperHint::default(), &limits, None).expect("a page");
    assert!(!processed.file_text.is_empty(), "the picture carries the line");
    [named("letters.pdf", pdf.into_bytes()), named("letters.jpg", page.to_file().expect("a file").1)]
}

/// The first byte says which kind it is.
fn scanned_pictures() -> Vec<(String, Vec<u8>)> {
    let of = |name: &str| pictures().into_iter().find(|picture| picture.0 == name).expect("made").1;
    vec![
        named("jpeg", [&[0][..], &of("picture.jpg")].concat()),
        named("bmp", [&[1][..], &of("picture.bmp")].concat()),
    ]
}

/// A small picture in every format that is taken, a scan and a drawn page as PDF, a stack in Group 4, a phone's photograph.
fn pictures() -> Vec<(String, Vec<u8>)> {
    let picture = image::RgbImage::from_fn(48, 40, |x, y| image::Rgb([(x * 5) as u8, (y * 6) as u8, 90]));
    let written = |format| {
        let mut bytes = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).expect("written");
        bytes.into_inner()
    };
    let options = DrawOptions {
        dpi: 20,
        ..DrawOptions::default()
    };
    let paper = draw(PaperKind::AppointmentResolution, &Cast::demo(), &options).expect("drawn");
    let kept = |name: &str| {
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates/capture/tests/fixtures");
        std::fs::read(fixtures.join(name)).expect("readable")
    };
    let files = vec![
        named("picture.jpg", written(image::ImageFormat::Jpeg)),
        named("picture.png", written(image::ImageFormat::Png)),
        named("picture.tif", written(image::ImageFormat::Tiff)),
        named("picture.bmp", written(image::ImageFormat::Bmp)),
        named("picture.webp", written(image::ImageFormat::WebP)),
        named("paper.pdf", encode_pdf(&[paper], 40).expect("written")),
        named("stack-g4.tif", kept("pages-g4.tif")),
        named("photo.heic", kept("gradient.heic")),
    ];
    files.into_iter().chain(letters()).collect()
}

/// What the worker says of a picture: its own words, written by its own encoder.
fn answers() -> Vec<(String, Vec<u8>)> {
    let said = |name: &str, bytes: &[u8]| {
        let order = format!("{{\"name\":\"{name}\",\"bytes\":{},\"max_import_ms\":60000}}\n", bytes.len());
        let mut answers = Vec::new();
        onewindow_capture::isolated::serve(&[order.as_bytes(), bytes].concat()[..], &mut answers).expect("served");
        answers
    };
    let picture = pictures().swap_remove(1).1;
    vec![named("pages", said("a.png", &picture)), named("fault", said("a.pdf", b"%PDF-1.4 nothing"))]
}

/// Every file of the kept store, replaced by itself; and one of each other harm.
fn store_files() -> Vec<(String, Vec<u8>)> {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates/store/tests/fixtures/v2");
    let mut seeds = vec![named("patched", vec![3, 1, 0, 40, 0xff, 0xff]), named("cut", vec![5, 2, 0, 100])];
    for (place, name) in onewindow_fuzz::store_file_names().into_iter().enumerate() {
        let bytes = std::fs::read(fixture.join(&name)).expect("readable");
        if bytes.len() < 2_000 {
            let file = name.to_string_lossy().replace('/', "-");
            seeds.push((
                format!("{place:02}-{}", file.chars().take(40).collect::<String>()),
                [&[place as u8, 0][..], &bytes].concat(),
            ));
        }
    }
    seeds
}
