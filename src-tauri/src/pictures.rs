//! Pictures of pages, documents and previews for the window, through the scheme `page` (addresses: see `case_view` of the contract).
//! Nothing is written to a file, kept by the web view or given to anybody who is not signed in.

use onewindow_case::ids::{CaseId, DocumentId, PageId};
use onewindow_desk::{Desk, DeskFault, Picture};
use onewindow_ipc::fault::FaultKind;
use tauri::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use tauri::http::{Method, Request, Response, StatusCode, Uri};
use tauri::{Manager, UriSchemeContext, UriSchemeResponder, Wry};

use crate::counter::{Counter, told};
use crate::window::MAIN;

/// Name of the scheme.
pub(crate) const SCHEME: &str = "page";
/// Longest token of a preview; a UUID without hyphens has 32 characters.
const TOKEN_MAX: usize = 64;

/// What an address asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wanted {
    /// A picture of a page of a case.
    Page { case: CaseId, page: PageId, picture: Picture },
    /// The next live picture of the camera in use.
    Live { case: CaseId },
    /// A sheet of a made document, from 1.
    Document { case: CaseId, document: DocumentId, page_no: usize },
    /// A sheet of a document not yet made, from 1.
    Preview { token: String, page_no: usize },
}

/// Answers one request, away from the window's own thread.
pub(crate) fn serve(context: &UriSchemeContext<'_, Wry>, request: &Request<Vec<u8>>, responder: UriSchemeResponder) {
    let Some(wanted) = Wanted::of(request).filter(|_| context.webview_label() == MAIN) else {
        return responder.respond(refused(StatusCode::NOT_FOUND));
    };
    let Some(counter) = context.app_handle().try_state::<Counter>().map(|state| state.inner().clone()) else {
        return responder.respond(refused(StatusCode::FORBIDDEN));
    };
    tauri::async_runtime::spawn_blocking(move || {
        let answer = match counter.desk() {
            Ok(desk) => show(&desk, &wanted).unwrap_or_else(|fault| refused(status_of(&fault))),
            Err(_) => refused(StatusCode::FORBIDDEN),
        };
        responder.respond(answer);
    });
}

fn show(desk: &Desk, wanted: &Wanted) -> Result<Response<Vec<u8>>, DeskFault> {
    match wanted {
        Wanted::Page { case, page, picture } => {
            let bytes = desk.page_picture(*case, *page, *picture)?;
            match kind_of(&bytes) {
                Some(kind) => Ok(shown(kind, bytes)),
                // The web view cannot show it as acquired (TIFF): the upright one is made of the same sheet.
                None if *picture == Picture::Original => {
                    let bytes = desk.page_picture(*case, *page, Picture::Corrected)?;
                    Ok(kind_of(&bytes).map_or_else(|| refused(StatusCode::UNSUPPORTED_MEDIA_TYPE), |kind| shown(kind, bytes)))
                }
                None => Ok(refused(StatusCode::UNSUPPORTED_MEDIA_TYPE)),
            }
        }
        Wanted::Live { case } => Ok(shown("image/jpeg", desk.live_picture(*case)?)),
        Wanted::Document { case, document, page_no } => Ok(shown("image/png", desk.document_picture(*case, *document, *page_no)?)),
        Wanted::Preview { token, page_no } => Ok(shown("image/png", desk.preview_picture(token, *page_no)?)),
    }
}

impl Wanted {
    fn of(request: &Request<Vec<u8>>) -> Option<Self> {
        (request.method() == Method::GET).then(|| Self::parse(request.uri()))?
    }

    /// Reads an address; anything that is not exactly one of the known forms is `None`.
    fn parse(uri: &Uri) -> Option<Self> {
        let parts: Vec<&str> = uri.path().strip_prefix('/')?.splitn(5, '/').collect();
        match parts.as_slice() {
            [case, "document", document, page_no] => Some(Self::Document {
                case: CaseId::parse(case)?,
                document: DocumentId::parse(document)?,
                page_no: page_no.parse().ok()?,
            }),
            [case, "preview", token, page_no] => {
                CaseId::parse(case)?;
                let plain = token.len() <= TOKEN_MAX && !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_alphanumeric());
                plain.then(|| {
                    Some(Self::Preview {
                        token: (*token).to_owned(),
                        page_no: page_no.parse().ok()?,
                    })
                })?
            }
            [case, "camera", count] => {
                count.parse::<u64>().ok()?;
                Some(Self::Live { case: CaseId::parse(case)? })
            }
            [case, page, "fitted", side] => Some(Self::Page {
                case: CaseId::parse(case)?,
                page: PageId::parse(page)?,
                picture: Picture::Fitted(side.parse().ok()?),
            }),
            [case, page, picture] => {
                let picture = match *picture {
                    "original" => Picture::Original,
                    "corrected" => Picture::Corrected,
                    "thumb" => Picture::Thumb,
                    "snippet" => Picture::Snippet(region(uri.query()?)?),
                    _ => return None,
                };
                Some(Self::Page {
                    case: CaseId::parse(case)?,
                    page: PageId::parse(page)?,
                    picture,
                })
            }
            _ => None,
        }
    }
}

/// `x=1&y=2&w=3&h=4`, in any order, each once.
fn region(query: &str) -> Option<[u32; 4]> {
    let mut found = [None; 4];
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=')?;
        let at = ["x", "y", "w", "h"].iter().position(|known| *known == name)?;
        if found[at].replace(value.parse().ok()?).is_some() {
            return None;
        }
    }
    let [x, y, width, height] = found;
    Some([x?, y?, width?, height?])
}

/// Media type by the first bytes, of those the web view can show; what a file's name said is not asked.
fn kind_of(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xFF, 0xD8, 0xFF, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some("image/png"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        [b'B', b'M', ..] => Some("image/bmp"),
        _ => None,
    }
}

fn status_of(fault: &DeskFault) -> StatusCode {
    let not_there = matches!(fault, DeskFault::Unknown { .. });
    match told(fault).kind {
        FaultKind::Denied => StatusCode::FORBIDDEN,
        FaultKind::Refusal | FaultKind::Fault | FaultKind::Defect if not_there => StatusCode::NOT_FOUND,
        FaultKind::Refusal | FaultKind::Fault | FaultKind::Defect => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn shown(kind: &'static str, bytes: Vec<u8>) -> Response<Vec<u8>> {
    answer(StatusCode::OK, kind, bytes)
}

fn refused(status: StatusCode) -> Response<Vec<u8>> {
    answer(status, "text/plain", Vec::new())
}

fn answer(status: StatusCode, kind: &'static str, bytes: Vec<u8>) -> Response<Vec<u8>> {
    let mut answer = Response::new(bytes);
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, tauri::http::HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, tauri::http::HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, tauri::http::HeaderValue::from_static("nosniff"));
    answer
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CASE: &str = "0193a1b2-0000-7000-8000-000000000001";
    const PAGE: &str = "0193a1b2-0000-7000-8000-000000000002";

    fn parse(rest: &str) -> Option<Wanted> {
        Wanted::parse(&format!("page://localhost{rest}").parse().ok()?)
    }

    fn page(picture: Picture) -> Option<Wanted> {
        Some(Wanted::Page {
            case: CaseId::parse(CASE)?,
            page: PageId::parse(PAGE)?,
            picture,
        })
    }

    #[test]
    fn every_address_of_the_contract_is_understood() {
        assert_eq!(parse(&format!("/{CASE}/{PAGE}/original?r=3")), page(Picture::Original));
        assert_eq!(parse(&format!("/{CASE}/{PAGE}/corrected")), page(Picture::Corrected));
        assert_eq!(parse(&format!("/{CASE}/{PAGE}/thumb?r=0")), page(Picture::Thumb));
        assert_eq!(parse(&format!("/{CASE}/{PAGE}/fitted/800?r=3")), page(Picture::Fitted(800)));
        assert_eq!(
            parse(&format!("/{CASE}/{PAGE}/snippet?x=1&y=2&w=30&h=40")),
            page(Picture::Snippet([1, 2, 30, 40]))
        );
        let document = Wanted::Document {
            case: CaseId::parse(CASE).expect("id"),
            document: DocumentId::parse(PAGE).expect("id"),
            page_no: 2,
        };
        assert_eq!(parse(&format!("/{CASE}/document/{PAGE}/2")), Some(document));
        let live = Wanted::Live {
            case: CaseId::parse(CASE).expect("id"),
        };
        assert_eq!(parse(&format!("/{CASE}/camera/17")), Some(live));
        assert_eq!(
            parse(&format!("/{CASE}/preview/0a1b/1")),
            Some(Wanted::Preview {
                token: "0a1b".to_owned(),
                page_no: 1
            })
        );
    }

    #[test]
    fn any_other_address_is_nothing() {
        for rest in [
            "/".to_owned(),
            format!("/{CASE}"),
            format!("/{CASE}/{PAGE}"),
            format!("/{CASE}/{PAGE}/raw"),
            format!("/{CASE}/{PAGE}/thumb/more"),
            format!("/{CASE}/{PAGE}/snippet"),
            format!("/{CASE}/{PAGE}/snippet?x=1&y=2&w=3"),
            format!("/{CASE}/{PAGE}/snippet?x=1&x=1&y=2&w=3&h=4"),
            format!("/{CASE}/{PAGE}/snippet?x=-1&y=2&w=3&h=4"),
            format!("/{CASE}/{PAGE}/fitted"),
            format!("/{CASE}/{PAGE}/fitted/"),
            format!("/{CASE}/{PAGE}/fitted/-1"),
            format!("/{CASE}/{PAGE}/fitted/800/1"),
            format!("/{CASE}/../{PAGE}/thumb"),
            format!("/{CASE}/preview/..%2F..%2Fetc/1"),
            format!("/{CASE}/document/{PAGE}/x"),
            format!("/{CASE}/camera/newest"),
            format!("/case/{PAGE}/thumb"),
        ] {
            assert_eq!(parse(&rest), None, "{rest}");
        }
    }

    #[test]
    fn only_what_the_web_view_can_show_has_a_media_type() {
        let check = |bytes: &[u8], kind: Option<&str>| assert_eq!(kind_of(bytes), kind, "{bytes:?}");
        check(b"\xFF\xD8\xFF\xE0", Some("image/jpeg"));
        check(b"\x89PNG\r\n\x1A\n...", Some("image/png"));
        check(b"RIFF\0\0\0\0WEBPVP8 ", Some("image/webp"));
        check(b"BM6", Some("image/bmp"));
        check(b"II*\0", None);
        check(b"MM\0*", None);
        check(b"%PDF-1.7", None);
        check(b"<svg onload=", None);
        check(b"", None);
    }

    #[test]
    fn no_answer_may_be_kept_or_guessed_at() {
        for answer in [shown("image/png", vec![1]), refused(StatusCode::FORBIDDEN)] {
            assert_eq!(answer.headers()[CACHE_CONTROL], "no-store");
            assert_eq!(answer.headers()[X_CONTENT_TYPE_OPTIONS], "nosniff");
        }
    }

    #[test]
    fn who_is_not_signed_in_gets_403_and_what_is_not_there_404() {
        assert_eq!(status_of(&DeskFault::NotSignedIn), StatusCode::FORBIDDEN);
        assert_eq!(status_of(&DeskFault::WrongRole), StatusCode::FORBIDDEN);
        assert_eq!(status_of(&DeskFault::Unknown { what: "page" }), StatusCode::NOT_FOUND);
        assert_eq!(status_of(&DeskFault::Defect(String::new())), StatusCode::INTERNAL_SERVER_ERROR);
    }

    proptest! {
        #[test]
        fn an_address_is_understood_or_refused_but_never_panics(rest in "[ -~]{0,120}", query in "[xywhr=&0-9a-]{0,40}") {
            let _ = parse(&format!("/{rest}"));
            let _ = region(&query);
        }
    }
}
