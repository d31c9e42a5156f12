//! The public page on which anyone can check a printed code: one form, no script, nothing stored, both languages at once.

use std::fmt::Write;
use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use onewindow_print::{DocumentKind, Language, TemplateShelf};
use onewindow_wire::licence::VerifyReply;
use onewindow_wire::path;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::centre::Centre;
use crate::fault::CentreFault;

/// What was typed or scanned.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Typed {
    /// Text of the QR symbol.
    #[serde(default)]
    code: String,
}

const HEADERS: [(header::HeaderName, &str); 4] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::CACHE_CONTROL, "no-store"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
];

const STYLE: &str = "body{font:16px/1.6 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem;color:#1c2733;background:#f7f8fa}\
main{background:#fff;border:1px solid #d5dbe1;border-radius:8px;padding:1.5rem}h1{font-size:1.4rem;margin:0 0 1rem}\
label{display:block;font-weight:600}input{width:100%;box-sizing:border-box;font:14px monospace;padding:.6rem;border:1px solid #7b8794;border-radius:4px;margin:.4rem 0 1rem}\
button{font:inherit;padding:.5rem 1.4rem;border:0;border-radius:4px;background:#0b5cad;color:#fff}\
.verdict{margin-top:1.5rem;padding:1rem;border-radius:4px;border-left:6px solid}.good{background:#e6f4ea;border-color:#1a7f37}.bad{background:#fdecea;border-color:#b42318}\
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt{color:#52606d}dd{margin:0;overflow-wrap:anywhere}";

/// The form, and under it the verdict on a code.
#[utoipa::path(get, path = path::VERIFY_PAGE, params(Typed), responses((status = 200, description = "page in HTML", content_type = "text/html")))]
pub(crate) async fn show(State(centre): State<Arc<Centre>>, Query(typed): Query<Typed>) -> Result<Response, CentreFault> {
    let code = typed.code.trim_matches(['\r', '\n', '\t']);
    let verdict = if code.is_empty() {
        String::new()
    } else {
        verdict(&centre.verify_code(code).await?)
    };
    let page = format!(
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>证照核验 Licence verification</title><style>{STYLE}</style></head><body><main>\
         <h1>证照核验 <span lang=\"en\">Licence verification</span></h1>\
         <form method=\"get\" action=\"{}\"><label for=\"code\">二维码内容 <span lang=\"en\">Text of the QR code</span></label>\
         <input id=\"code\" name=\"code\" required autocomplete=\"off\" value=\"{}\">\
         <button>核验 <span lang=\"en\">Verify</span></button></form>{verdict}</main></body></html>",
        path::VERIFY_PAGE,
        escaped(code),
    );
    Ok((HEADERS, Html(page)).into_response())
}

fn verdict(reply: &VerifyReply) -> String {
    let (class, zh, en) = match reply.reason.as_deref() {
        None if reply.valid => (
            "good",
            "有效：由登记的机关签发，内容未被改动。",
            "Valid: signed by an office on the list and unchanged.",
        ),
        Some("expired") => ("bad", "已过有效期。", "No longer valid: it has expired."),
        Some("revoked") => ("bad", "已被撤销。", "No longer valid: it was revoked."),
        Some("unknown_key") => ("bad", "无法核验：签发密钥不在名单上。", "Not verified: its key is not on the list."),
        Some("bad_signature") => ("bad", "无效：签名不符，内容可能被改动。", "Invalid: the signature does not fit."),
        Some(_) | None => ("bad", "无效：不是完整的证照二维码。", "Invalid: this is not a whole licence code."),
    };
    let mut html = format!("<div class=\"verdict {class}\" role=\"status\"><strong>{zh}</strong><br><span lang=\"en\">{en}</span>");
    if !reply.content.is_empty() {
        html.push_str("<dl>");
        for line in &reply.content {
            let (zh, en) = label(&line.key);
            // Writing into a string cannot fail.
            let _written = write!(
                html,
                "<dt>{zh} <span lang=\"en\">{en}</span></dt><dd>{}</dd>",
                escaped(&shown(&line.key, &line.value))
            );
        }
        html.push_str("</dl>");
    }
    html.push_str("</div>");
    html
}

fn label(key: &str) -> (&'static str, &'static str) {
    match key {
        "number" => ("编号", "Number"),
        "name" => ("持证人", "Holder"),
        "kind" => ("种类", "Kind"),
        "authority" => ("发证机关", "Issued by"),
        "issued" => ("发证日期", "Issued on"),
        "valid_to" => ("有效期至", "Valid to"),
        "copy" => ("补打次数", "Duplicate"),
        _ => ("其他", "Other"),
    }
}

/// A kind of licence by its name; everything else as the code states it.
fn shown(key: &str, value: &str) -> String {
    match DocumentKind::find(value).filter(|_| key == "kind") {
        Some(kind) => {
            let shelf = TemplateShelf::built_in();
            format!("{} {}", shelf.title(kind, Language::Zh), shelf.title(kind, Language::En))
        }
        None => value.to_owned(),
    }
}

/// Text that may stand in HTML, also inside quotes.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            plain => escaped.push(plain),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_told_by_name_and_an_unknown_one_as_it_stands() {
        assert_eq!(shown("kind", "business-licence"), "营业执照 Business Licence");
        assert_eq!(shown("kind", "newer-licence"), "newer-licence");
        assert_eq!(shown("name", "business-licence"), "business-licence", "a holder may call himself anything");
    }

    #[test]
    fn nothing_that_was_typed_becomes_markup() {
        assert_eq!(
            escaped("\"><script>alert('1')</script>&"),
            "&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;"
        );
    }
}
