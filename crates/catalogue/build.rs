//! Lists the files of `assets/catalogue/`, so that a new bundle is built in by putting its file there.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let missing = || io::Error::new(io::ErrorKind::NotFound, "cargo sets this variable");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or_else(missing)?).join("../../assets/catalogue");
    let mut list = String::from("&[\n");
    for folder in [root.clone(), root.join("bundles")] {
        writeln!(list, "// {}", folder.file_name().unwrap_or_default().to_string_lossy()).map_err(io::Error::other)?;
        for file in yaml_files(&folder)? {
            let name = file.strip_prefix(&root).unwrap_or(&file).to_string_lossy().replace('\\', "/");
            writeln!(list, "({name:?}, include_str!({:?})),", file.canonicalize()?).map_err(io::Error::other)?;
            println!("cargo::rerun-if-changed={}", file.display());
        }
        println!("cargo::rerun-if-changed={}", folder.display());
    }
    list.push(']');
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or_else(missing)?);
    fs::write(out.join("catalogue_files.rs"), list)
}

fn yaml_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
