//! What makes the file fit for an archive (ISO 19005-2, level B): properties twice and alike, and a colour space to
//! which its greys belong. Full certification wants one run of an outside validator; what is asserted here is in the
//! tests.

use lopdf::{Document, Object, Stream, dictionary};

use super::{Properties, fault};
use crate::fault::PrintFault;

const CREATOR: &str = "One Window";
const PRODUCER: &str = "One Window, printpdf";

/// Sets properties, metadata, language and colour space.
pub(super) fn describe(document: &mut Document, properties: &Properties<'_>) -> Result<(), PrintFault> {
    let (year, month, day) = (properties.issued.year(), u8::from(properties.issued.month()), properties.issued.day());
    let date = format!("D:{year:04}{month:02}{day:02}000000+08'00'");
    let mut info = dictionary! {
        "Creator" => lopdf::text_string(CREATOR),
        "Producer" => lopdf::text_string(PRODUCER),
        "CreationDate" => Object::string_literal(date.clone()),
        "ModDate" => Object::string_literal(date),
    };
    for (key, text) in [("Title", properties.title), ("Author", properties.author), ("Subject", properties.subject)] {
        if !text.is_empty() {
            info.set(key, lopdf::text_string(text));
        }
    }
    let info = document.add_object(info);
    document.trailer.set("Info", info);
    // Readers of archives look for the metadata without unpacking anything.
    let metadata = Stream::new(dictionary! { "Type" => "Metadata", "Subtype" => "XML" }, metadata(properties).into_bytes()).with_compression(false);
    let metadata = document.add_object(metadata);
    let profile = document.add_object(Stream::new(dictionary! { "N" => 3 }, srgb_profile()));
    let intent = dictionary! {
        "Type" => "OutputIntent",
        "S" => "GTS_PDFA1",
        "OutputConditionIdentifier" => Object::string_literal("sRGB IEC61966-2.1"),
        "Info" => Object::string_literal("sRGB IEC61966-2.1"),
        "DestOutputProfile" => profile,
    };
    let catalog = document.catalog_mut().map_err(fault)?;
    catalog.set("Lang", Object::string_literal(properties.language));
    catalog.set("ViewerPreferences", dictionary! { "DisplayDocTitle" => true, "PrintScaling" => "None" });
    catalog.set("Metadata", metadata);
    catalog.set("OutputIntents", vec![Object::Dictionary(intent)]);
    Ok(())
}

/// XMP with the same properties as the information dictionary.
fn metadata(properties: &Properties<'_>) -> String {
    let (year, month, day) = (properties.issued.year(), u8::from(properties.issued.month()), properties.issued.day());
    let date = format!("{year:04}-{month:02}-{day:02}T00:00:00+08:00");
    let alternatives = |name: &str, text: &str| {
        if text.is_empty() {
            return String::new();
        }
        format!(
            "<dc:{name}><rdf:Alt><rdf:li xml:lang=\"x-default\">{}</rdf:li></rdf:Alt></dc:{name}>",
            escape(text)
        )
    };
    let author = if properties.author.is_empty() {
        String::new()
    } else {
        format!("<dc:creator><rdf:Seq><rdf:li>{}</rdf:li></rdf:Seq></dc:creator>", escape(properties.author))
    };
    format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n\
         <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:format>application/pdf</dc:format>{title}{author}{subject}\
         <dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language></rdf:Description>\n\
         <rdf:Description rdf:about=\"\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\"><xmp:CreatorTool>{CREATOR}</xmp:CreatorTool>\
         <xmp:CreateDate>{date}</xmp:CreateDate><xmp:ModifyDate>{date}</xmp:ModifyDate><xmp:MetadataDate>{date}</xmp:MetadataDate></rdf:Description>\n\
         <rdf:Description rdf:about=\"\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\"><pdf:Producer>{PRODUCER}</pdf:Producer></rdf:Description>\n\
         <rdf:Description rdf:about=\"\" xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\"><pdfaid:part>2</pdfaid:part>\
         <pdfaid:conformance>B</pdfaid:conformance></rdf:Description>\n\
         </rdf:RDF></x:xmpmeta>\n<?xpacket end=\"w\"?>",
        title = alternatives("title", properties.title),
        subject = alternatives("description", properties.subject),
        language = properties.language,
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A display profile of sRGB (IEC 61966-2-1) as ICC version 2 wants it: primaries adapted to D50, one shared curve.
fn srgb_profile() -> Vec<u8> {
    let text = |words: &str| [b"text\0\0\0\0".as_slice(), words.as_bytes(), b"\0"].concat();
    let description = |words: &str| {
        let mut tag = [b"desc\0\0\0\0".as_slice(), &(words.len() as u32 + 1).to_be_bytes(), words.as_bytes(), b"\0"].concat();
        // No Unicode and no Macintosh name.
        tag.extend([0; 4 + 4 + 2 + 1 + 67]);
        tag
    };
    let colour = |xyz: [f64; 3]| {
        let mut tag = b"XYZ \0\0\0\0".to_vec();
        xyz.iter().for_each(|value| tag.extend(((value * 65_536.0).round() as i32).to_be_bytes()));
        tag
    };
    let tags: [(&[u8; 4], Vec<u8>); 7] = [
        (b"desc", description("sRGB IEC61966-2.1")),
        (b"cprt", text("Public domain")),
        (b"wtpt", colour([0.9642, 1.0, 0.8249])),
        (b"rXYZ", colour([0.436_07, 0.222_49, 0.013_92])),
        (b"gXYZ", colour([0.385_15, 0.716_87, 0.097_08])),
        (b"bXYZ", colour([0.143_07, 0.060_61, 0.714_10])),
        (b"rTRC", curve()),
    ];
    let count = tags.len() + 2;
    let mut place = 128 + 4 + 12 * count;
    let (mut table, mut body) = ((count as u32).to_be_bytes().to_vec(), Vec::new());
    for (name, tag) in &tags {
        let entry = [(place as u32).to_be_bytes(), (tag.len() as u32).to_be_bytes()].concat();
        table.extend([name.as_slice(), &entry].concat());
        if *name == b"rTRC" {
            // Green and blue bend alike.
            [b"gTRC", b"bTRC"].iter().for_each(|name| table.extend([name.as_slice(), &entry].concat()));
        }
        body.extend(tag);
        body.resize(body.len().next_multiple_of(4), 0);
        place = 128 + 4 + 12 * count + body.len();
    }
    let mut profile = vec![0; 128];
    let size = (128 + table.len() + body.len()) as u32;
    let mut put = |at: usize, bytes: &[u8]| profile[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, &size.to_be_bytes());
    put(8, &[2, 0x10, 0, 0]);
    put(12, b"mntrRGB XYZ ");
    // A fixed date: the same document has the same bytes.
    put(24, &[0x07, 0xEA, 0, 1, 0, 1]);
    put(36, b"acsp");
    put(68, &[0, 0, 0xF6, 0xD6, 0, 1, 0, 0, 0, 0, 0xD3, 0x2D]);
    [profile, table, body].concat()
}

/// The curve of sRGB in 256 steps.
fn curve() -> Vec<u8> {
    let mut tag = [b"curv\0\0\0\0".as_slice(), &256_u32.to_be_bytes()].concat();
    for step in 0..256 {
        let value = f64::from(step) / 255.0;
        let linear = if value <= 0.040_45 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        };
        tag.extend(((linear * 65_535.0).round() as u16).to_be_bytes());
    }
    tag
}
