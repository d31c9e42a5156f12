//! A document as a file: everything but streams is packed into one stream, and so is the table of what stands where
//! (ISO 32000-1, 7.5.7 and 7.5.8), which ISO 19005-2 allows. Only what can be reached is written.

use std::{
    collections::{BTreeMap, VecDeque},
    io::Write as _,
};

use aws_lc_rs::digest::{SHA256, digest};
use flate2::{Compression, write::ZlibEncoder};
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, StringFormat, dictionary};

use super::fault;
use crate::fault::PrintFault;

/// Bytes of a line of the table: kind, place, number in the packed stream.
const LINE: [usize; 3] = [1, 4, 2];

/// Writes a document and names it after its content. The first half of the name stays with a document through all its
/// copies.
pub(super) fn write(document: &Document, first_id: Option<Object>) -> Result<Vec<u8>, PrintFault> {
    let mut numbers = Numbers::default();
    let mut entries = Vec::new();
    for key in [b"Root".as_slice(), b"Info"] {
        let id = document.trailer.get(key).and_then(Object::as_reference).map_err(fault)?;
        entries.push((key, Object::Reference((numbers.of(id), 0))));
    }
    let mut file = format!("%PDF-{}\n%", document.version).into_bytes();
    // Bytes above 127 tell that the file is not text.
    file.extend([0xE2, 0xE3, 0xCF, 0xD3, b'\n']);
    let (mut small, mut head, mut count) = (Vec::new(), String::new(), 0);
    let mut table = vec![line(0, 0, usize::from(u16::MAX))];
    while let Some((id, number)) = numbers.waiting.pop_front() {
        match document.objects.get(&id) {
            Some(Object::Stream(stream)) => {
                table.push(line(1, file.len(), 0));
                write_stream(&mut file, number, stream, &mut |id| numbers.of(id));
            }
            object => {
                table.push(line(2, 0, count));
                head.push_str(&format!("{number} {} ", small.len()));
                write_object(&mut small, object.unwrap_or(&Object::Null), &mut |id| numbers.of(id));
                small.push(b' ');
                count += 1;
            }
        }
    }
    let packed = table.len();
    // Now it is known where the packed ones are.
    table
        .iter_mut()
        .filter(|line| line[0] == 2)
        .for_each(|line| line[1..5].copy_from_slice(&(packed as u32).to_be_bytes()));
    table.push(line(1, file.len(), 0));
    let about = dictionary! { "Type" => "ObjStm", "N" => count as i64, "First" => head.len() as i64 };
    let content = [head.as_bytes(), &small].concat();
    write_stream(&mut file, packed as u32, &Stream::new(about, content), &mut |id| id.0);
    let own = Object::String(digest(&SHA256, &file).as_ref()[..16].to_vec(), StringFormat::Hexadecimal);
    let place = file.len();
    table.push(line(1, place, 0));
    let mut about = dictionary! {
        "Type" => "XRef",
        "Size" => table.len() as i64,
        "W" => LINE.map(|bytes| Object::Integer(bytes as i64)).to_vec(),
        "ID" => vec![first_id.unwrap_or_else(|| own.clone()), own],
        "Filter" => "FlateDecode",
        "DecodeParms" => dictionary! { "Predictor" => 12, "Columns" => LINE.iter().sum::<usize>() as i64 },
    };
    entries.into_iter().for_each(|(key, root)| about.set(key, root));
    let stream = Stream::new(about, pack(&differences(&table)));
    write_stream(&mut file, table.len() as u32 - 1, &stream, &mut |id| id.0);
    file.extend(format!("startxref\n{place}\n%%EOF").bytes());
    Ok(file)
}

/// New numbers of objects, in the order in which they are first named.
#[derive(Default)]
struct Numbers {
    known: BTreeMap<ObjectId, u32>,
    waiting: VecDeque<(ObjectId, u32)>,
}

impl Numbers {
    fn of(&mut self, id: ObjectId) -> u32 {
        let next = self.known.len() as u32 + 1;
        *self.known.entry(id).or_insert_with(|| {
            self.waiting.push_back((id, next));
            next
        })
    }
}

/// Packs bytes as `FlateDecode` has them.
fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut packer = ZlibEncoder::new(Vec::with_capacity(bytes.len() / 2), Compression::default());
    // Writing into memory can not fail.
    let _written = packer.write_all(bytes);
    packer.finish().unwrap_or_default()
}

fn line(kind: u8, place: usize, number: usize) -> [u8; 7] {
    let (place, number) = ((place as u32).to_be_bytes(), (number as u16).to_be_bytes());
    [kind, place[0], place[1], place[2], place[3], number[0], number[1]]
}

/// Every line as its difference from the one above (predictor 12), which packs to almost nothing.
fn differences(table: &[[u8; 7]]) -> Vec<u8> {
    let mut above = [0; 7];
    let mut bytes = Vec::with_capacity(table.len() * 8);
    for line in table {
        bytes.push(2);
        bytes.extend(line.iter().zip(above).map(|(byte, above)| byte.wrapping_sub(above)));
        above = *line;
    }
    bytes
}

fn write_stream(file: &mut Vec<u8>, number: u32, stream: &Stream, of: &mut dyn FnMut(ObjectId) -> u32) {
    let mut about = stream.dict.clone();
    let packed = (stream.allows_compression && !about.has(b"Filter"))
        .then(|| pack(&stream.content))
        .filter(|packed| packed.len() + 20 < stream.content.len());
    if packed.is_some() {
        about.set("Filter", "FlateDecode");
    }
    let content = packed.as_deref().unwrap_or(&stream.content);
    about.set("Length", content.len() as i64);
    file.extend(format!("{number} 0 obj\n").bytes());
    write_dictionary(file, &about, of);
    file.extend(b"stream\n");
    file.extend(content);
    file.extend(b"\nendstream\nendobj\n");
}

fn write_dictionary(out: &mut Vec<u8>, dictionary: &Dictionary, of: &mut dyn FnMut(ObjectId) -> u32) {
    out.extend(b"<<");
    for (key, value) in dictionary {
        write_name(out, key);
        if !matches!(value, Object::Name(_) | Object::String(..) | Object::Array(_) | Object::Dictionary(_)) {
            out.push(b' ');
        }
        write_object(out, value, of);
    }
    out.extend(b">>");
}

/// Writes an object; streams are objects of their own and never reached here.
fn write_object(out: &mut Vec<u8>, object: &Object, of: &mut dyn FnMut(ObjectId) -> u32) {
    match object {
        Object::Null | Object::Stream(_) => out.extend(b"null"),
        Object::Boolean(value) => out.extend(value.to_string().bytes()),
        Object::Integer(value) => out.extend(value.to_string().bytes()),
        Object::Real(value) => out.extend(value.to_string().bytes()),
        Object::Name(name) => write_name(out, name),
        Object::String(text, StringFormat::Literal) => {
            out.push(b'(');
            for &byte in text {
                match byte {
                    b'(' | b')' | b'\\' => out.extend([b'\\', byte]),
                    b'\r' => out.extend(b"\\r"),
                    _ => out.push(byte),
                }
            }
            out.push(b')');
        }
        Object::String(text, StringFormat::Hexadecimal) => {
            out.push(b'<');
            out.extend(hex::encode_upper(text).bytes());
            out.push(b'>');
        }
        Object::Array(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b' ');
                }
                write_object(out, item, of);
            }
            out.push(b']');
        }
        Object::Dictionary(dictionary) => write_dictionary(out, dictionary, of),
        Object::Reference(id) => out.extend(format!("{} 0 R", of(*id)).bytes()),
    }
}

fn write_name(out: &mut Vec<u8>, name: &[u8]) {
    out.push(b'/');
    for &byte in name {
        if byte.is_ascii_graphic() && !b"()<>[]{}/%#".contains(&byte) {
            out.push(byte);
        } else {
            out.extend(format!("#{byte:02X}").bytes());
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    /// A document with everything that the writer knows, and an object that nothing refers to.
    fn document() -> Document {
        let mut document = Document::with_version("1.7");
        let odd = Object::string_literal(b"a (b) \\ \r \xFF".to_vec());
        let page = document.add_object(dictionary! { "Type" => "Page", "MediaBox" => vec![0.into(), 0.into(), 12.5.into(), 30.into()] });
        let _lost = document.add_object(dictionary! { "Lost" => true });
        let pages = document.add_object(dictionary! { "Type" => "Pages", "Kids" => vec![Object::Reference(page)], "Count" => 1 });
        document.get_dictionary_mut(page).unwrap().set("Parent", pages);
        let content = document.add_object(Stream::new(Dictionary::new(), b"0 0 m\n".repeat(99)));
        document.get_dictionary_mut(page).unwrap().set("Contents", content);
        let info = document.add_object(dictionary! { "Odd" => odd, "A b" => Object::Null, "Hex" => Object::String(vec![1, 0xAB], StringFormat::Hexadecimal) });
        let root = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages, "Gone" => Object::Reference((99, 0)) });
        document.trailer.set("Root", root);
        document.trailer.set("Info", info);
        document
    }

    #[test]
    fn what_is_written_is_read_back_and_nothing_else() {
        let bytes = write(&document(), None).unwrap();
        let read = Document::load_mem(&bytes).unwrap();
        let info = read.get_dictionary(read.trailer.get(b"Info").unwrap().as_reference().unwrap()).unwrap();
        assert_eq!(info.get(b"Odd").unwrap().as_str().unwrap(), b"a (b) \\ \r \xFF");
        assert_eq!(info.get(b"Hex").unwrap().as_str().unwrap(), [1, 0xAB]);
        assert!(info.has(b"A b"));
        let page = read.page_iter().next().unwrap();
        let content = read.get_page_content(page);
        assert_eq!(content.trim_ascii(), b"0 0 m\n".repeat(99).trim_ascii());
        assert!(
            !read
                .objects
                .values()
                .any(|object| object.as_dict().is_ok_and(|dictionary| dictionary.has(b"Lost")))
        );
        assert!(bytes.len() < 1_100, "{} bytes", bytes.len());
    }

    #[test]
    fn the_name_follows_the_content() {
        let id = |bytes: &[u8]| Document::load_mem(bytes).unwrap().trailer.get(b"ID").unwrap().as_array().unwrap().clone();
        let first = write(&document(), None).unwrap();
        assert_eq!(first, write(&document(), None).unwrap(), "the same document has the same bytes");
        let mut other = document();
        let info = other.trailer.get(b"Info").unwrap().as_reference().unwrap();
        other.get_dictionary_mut(info).unwrap().set("Hex", 1);
        let second = write(&other, Some(id(&first)[0].clone())).unwrap();
        assert_eq!(id(&first)[0], id(&second)[0]);
        assert_ne!(id(&first)[1], id(&second)[1]);
    }
}
