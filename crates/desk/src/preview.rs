//! Pictures of documents not yet made: kept for a while under a token, so that the window can show them. Bounded.

use std::collections::VecDeque;

/// Most previews kept at once.
const KEPT: usize = 6;

/// The newest previews.
#[derive(Debug, Default)]
pub(crate) struct Previews {
    kept: VecDeque<Preview>,
}

#[derive(Debug)]
struct Preview {
    token: String,
    pages: Vec<Vec<u8>>,
}

impl Previews {
    /// Keeps the pictures of a document; the oldest preview goes.
    pub fn keep(&mut self, token: String, pages: Vec<Vec<u8>>) {
        self.kept.retain(|preview| preview.token != token);
        self.kept.push_back(Preview { token, pages });
        while self.kept.len() > KEPT {
            self.kept.pop_front();
        }
    }

    /// One picture (PNG), pages from 1.
    pub fn find(&self, token: &str, page_no: usize) -> Option<Vec<u8>> {
        self.kept
            .iter()
            .find(|preview| preview.token == token)?
            .pages
            .get(page_no.checked_sub(1)?)
            .cloned()
    }
}
