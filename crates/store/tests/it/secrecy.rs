//! Nothing that the store writes shows personal data in clear, in any file or file name.

use std::fs;
use std::path::Path;

use crate::ground::{ADDRESS, ID_NUMBER, NAME, PHONE, applicant, case, field, open, opened, page_bytes, page_kept, stamp};

fn search(dir: &Path, needles: &[Vec<u8>], searched: &mut (u32, u64)) {
    for file in fs::read_dir(dir).expect("listed").flatten() {
        let path = file.path();
        let name = path.to_string_lossy().into_owned();
        if path.is_dir() {
            search(&path, needles, searched);
            continue;
        }
        let bytes = fs::read(&path).expect("readable");
        searched.0 += 1;
        searched.1 += bytes.len() as u64;
        for needle in needles {
            let found = bytes.windows(needle.len()).any(|window| window == needle.as_slice());
            assert!(!found, "{} is in clear in {name}", String::from_utf8_lossy(needle));
        }
    }
}

#[test]
fn no_file_shows_personal_data() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let (store, _) = open(dir.path());
    let mut needles: Vec<Vec<u8>> = [NAME, ID_NUMBER, PHONE, ADDRESS].iter().map(|text| text.as_bytes().to_vec()).collect();
    for n in 0..20 {
        store.next_case_sequence(stamp()).expect("taken");
        store
            .append(vec![opened(case(n)), applicant(case(n)), field(case(n), ADDRESS)])
            .expect("appended");
        let bytes = page_bytes(n, 4_000);
        let digest = store.keep_page(Some(case(n)), &bytes).expect("kept");
        // Whoever has the same paper must not be able to see that it is here.
        needles.push(digest.as_bytes().to_vec());
        needles.push(digest.to_string().into_bytes());
        store.append(vec![page_kept(case(n), n, [digest; 3])]).expect("appended");
    }
    store.flush().expect("flushed");
    let mut searched = (0, 0);
    search(dir.path(), &needles, &mut searched);
    drop(store);
    fs::remove_dir_all(dir.path().join("index")).expect("removed");
    drop(open(dir.path()));
    search(dir.path(), &needles, &mut searched);
    println!(
        "secrecy: {} files, {} bytes searched for {} planted values, 0 found",
        searched.0,
        searched.1,
        needles.len()
    );
}
